package io.scrimplb.membership.jgroups;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands between a member and another, and keeps what the one that connected says. */
final class Relay implements AutoCloseable {
    /** What becomes of bytes on their way. */
    interface Way {
        void pass(InputStream in, OutputStream out) throws IOException;
    }

    private static final int KIND = 4;
    private static final byte MESSAGE = 2;

    private final ServerSocket server;
    private final InetSocketAddress to;
    private final Way forth;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    final List<ByteArrayOutputStream> recorded = new CopyOnWriteArrayList<>();

    Relay(InetSocketAddress to, Way forth) throws IOException {
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.to = to;
        this.forth = forth;
        start(this::accept);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** Bytes as they are. */
    static void asItIs(InputStream in, OutputStream out) throws IOException {
        in.transferTo(out);
    }

    /** Each message twice, and every other one behind the next, also twice. */
    static void twiceAndInDisorder(InputStream in, OutputStream out) throws IOException {
        DataInputStream frames = new DataInputStream(in);
        List<byte[]> earlier = new ArrayList<>();
        byte[] held = null;
        try {
            while (true) {
                int length = frames.readInt();
                byte[] frame = new byte[Integer.BYTES + length];
                new java.io.DataOutputStream(new Into(frame)).writeInt(length);
                frames.readFully(frame, Integer.BYTES, length);
                out.write(frame);
                if (frame[KIND] == MESSAGE) {
                    out.write(frame);
                    if (held == null) {
                        held = frame;
                    } else {
                        out.write(held);
                        held = null;
                    }
                    earlier.add(frame);
                    // And one from long ago.
                    out.write(earlier.get(earlier.size() / 3));
                }
            }
        } catch (EOFException e) {
            out.flush();
        }
    }

    private static final class Into extends OutputStream {
        private final byte[] bytes;
        private int at;

        Into(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public void write(int b) {
            bytes[at++] = (byte) b;
        }
    }

    private void accept() throws IOException {
        while (true) {
            Socket one = server.accept();
            Socket other = new Socket(to.getAddress(), to.getPort());
            one.setTcpNoDelay(true);
            other.setTcpNoDelay(true);
            sockets.add(one);
            sockets.add(other);
            ByteArrayOutputStream record = new ByteArrayOutputStream();
            recorded.add(record);
            InputStream in = one.getInputStream();
            OutputStream out = other.getOutputStream();
            start(() -> {
                forth.pass(new Recording(in, record), out);
                other.shutdownOutput();
            });
            start(() -> {
                other.getInputStream().transferTo(one.getOutputStream());
                one.shutdownOutput();
            });
        }
    }

    private static final class Recording extends InputStream {
        private final InputStream in;
        private final ByteArrayOutputStream record;

        Recording(InputStream in, ByteArrayOutputStream record) {
            this.in = in;
            this.record = record;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = in.read(bytes, offset, length);
            if (count > 0) {
                record.write(bytes, offset, count);
            }
            return count;
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // An end was closed.
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
