package io.scrimplb.app.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads a file of bounded size as UTF-8 text; what hinders it becomes a problem. */
final class SourceFile {
    /** Far above any sensible configuration: a hundred applications take some 30 KiB. */
    static final int MAX_BYTES = 1024 * 1024;

    private SourceFile() {}

    /** The text without a byte order mark; empty when it cannot be read, which the problems then say. */
    static Optional<String> read(Path file, Origin origin, String path, Problems problems) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                problems.add(origin, path, "larger than " + MAX_BYTES / 1024 + " KiB; such a file is a mistake");
                return Optional.empty();
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return Optional.of(text.startsWith("\ufeff") ? text.substring(1) : text);
        } catch (CharacterCodingException notUtf8) {
            problems.add(origin, path, "is not UTF-8 text; save it in that encoding");
        } catch (IOException failed) {
            problems.add(origin, path, reason(file, failed));
        }
        return Optional.empty();
    }

    /** Why a file could not be read and what to do about it, without naming the file. */
    static String reason(Path file, IOException failed) {
        if (failed instanceof NoSuchFileException) {
            return "no such file; check the path (relative ones start at the working directory)";
        }
        if (failed instanceof AccessDeniedException) {
            return "not readable for this user; check its owner and mode";
        }
        if (Files.isDirectory(file)) {
            return "is a directory, not a file";
        }
        return "cannot be read: " + Excerpt.line(String.valueOf(failed.getMessage()));
    }
}
