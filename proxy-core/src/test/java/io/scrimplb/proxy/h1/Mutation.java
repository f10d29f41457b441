package io.scrimplb.proxy.h1;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Small changes where they matter: line ends, separators, digits, control bytes. */
final class Mutation {
    private static final String[] PIECES = {
        "\r",
        "\n",
        "\r\n",
        "\r\n\r\n",
        "\0",
        "\t",
        " ",
        ":",
        ",",
        ";",
        "0",
        "1",
        "f",
        "-",
        "+",
        "_",
        "%",
        "/",
        ".",
        "[",
        "]",
        "\u007f",
        "\u0080",
        "\u00ff",
        "chunked",
        "close",
        "Content-Length: 1\r\n",
        "Host: a\r\n",
        "HTTP/1.0",
        "TE"
    };

    private Mutation() {}

    /** One to three insertions, removals, replacements or repetitions. */
    static byte[] of(byte[] bytes, Random random) {
        byte[] changed = bytes;
        for (int i = random.nextInt(3); i >= 0; i--) {
            changed = once(changed, random);
        }
        return changed;
    }

    private static byte[] once(byte[] bytes, Random random) {
        int from = random.nextInt(bytes.length + 1);
        int to = from;
        byte[] piece = PIECES[random.nextInt(PIECES.length)].getBytes(StandardCharsets.ISO_8859_1);
        switch (random.nextInt(4)) {
            case 0 -> to = Math.min(bytes.length, from + piece.length);
            case 1 -> {
                to = Math.min(bytes.length, from + 1 + random.nextInt(4));
                piece = new byte[0];
            }
            case 2 -> from = Math.max(0, to - 1 - random.nextInt(8));
            default -> {}
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, from);
        out.writeBytes(piece);
        out.write(bytes, to, bytes.length - to);
        return out.toByteArray();
    }
}
