package io.scrimplb.proxy.tls;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Builds ClientHellos, right ones and wrong ones. */
public final class Hellos {
    static final int GREASE = 0x4a4a;

    private final List<byte[]> extensions = new ArrayList<>();
    private int[] suites = {0x1301, 0xc02b};

    public static Hellos hello() {
        return new Hellos();
    }

    /** As a browser of 2026 says hello. */
    public static Hellos browser(String host) {
        return hello().suites(GREASE, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f)
                .extension(GREASE, new byte[0])
                .serverName(host)
                .extension(0xff01, new byte[] {0})
                .extension(10, list(2, numbers(GREASE, 0x11ec, 29, 23, 24)))
                .extension(13, list(2, numbers(0x0403, 0x0804, 0x0401)))
                .protocols("h2", "http/1.1")
                .extension(43, list(1, numbers(GREASE, 0x0304, 0x0303)))
                .extension(51, new byte[1200])
                .extension(0x1a1a, new byte[] {0});
    }

    Hellos suites(int... numbers) {
        suites = numbers;
        return this;
    }

    public Hellos extension(int type, byte[] content) {
        extensions.add(join(numbers(type), list(2, content)));
        return this;
    }

    public Hellos serverName(String host) {
        return extension(0, list(2, join(new byte[] {0}, list(2, bytes(host)))));
    }

    Hellos protocols(String... names) {
        byte[] all = new byte[0];
        for (String name : names) {
            all = join(all, list(1, bytes(name)));
        }
        return extension(16, list(2, all));
    }

    /** The handshake message, header included. */
    byte[] message() {
        byte[] body =
                join(numbers(0x0303), new byte[32], list(1, new byte[32]), list(2, numbers(suites)), new byte[] {1, 0});
        if (!extensions.isEmpty()) {
            body = join(body, list(2, join(extensions.toArray(byte[][]::new))));
        }
        return join(new byte[] {1}, list(3, body));
    }

    /** In one record. */
    public byte[] record() {
        return records(Integer.MAX_VALUE);
    }

    /** In records that carry at most so many bytes each. */
    public byte[] records(int most) {
        return records(message(), most);
    }

    static byte[] records(byte[] message, int most) {
        byte[] all = new byte[0];
        for (int at = 0; at < message.length; ) {
            int length = Math.min(most, message.length - at);
            byte[] part = new byte[length];
            System.arraycopy(message, at, part, 0, length);
            all = join(all, new byte[] {22, 3, 1}, list(2, part));
            at += length;
        }
        return all;
    }

    static byte[] numbers(int... values) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int value : values) {
            out.write(value >> 8);
            out.write(value);
        }
        return out.toByteArray();
    }

    /** Content behind its length. */
    static byte[] list(int lengthBytes, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int shift = 8 * (lengthBytes - 1); shift >= 0; shift -= 8) {
            out.write(content.length >> shift);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
