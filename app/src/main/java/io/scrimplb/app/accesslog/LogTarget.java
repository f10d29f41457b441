package io.scrimplb.app.accesslog;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Where the lines go. */
interface LogTarget {
    /** How messages name it. */
    String name();

    /** Opens it for appending. */
    OutputStream open() throws IOException;

    /** The process's standard output; closing it leaves the descriptor open. */
    static LogTarget stdout() {
        return new LogTarget() {
            @Override
            public String name() {
                return "standard output";
            }

            @Override
            public OutputStream open() {
                // Not System.out, which swallows errors. The stream is never closed: others write there too.
                FileOutputStream descriptor = new FileOutputStream(FileDescriptor.out);
                return new OutputStream() {
                    @Override
                    public void write(int octet) throws IOException {
                        descriptor.write(octet);
                    }

                    @Override
                    public void write(byte[] octets, int offset, int length) throws IOException {
                        descriptor.write(octets, offset, length);
                    }
                };
            }
        };
    }

    static LogTarget file(Path file) {
        return new LogTarget() {
            @Override
            public String name() {
                return file.toString();
            }

            @Override
            public OutputStream open() throws IOException {
                return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
        };
    }
}
