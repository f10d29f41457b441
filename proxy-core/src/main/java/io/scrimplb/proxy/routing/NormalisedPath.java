package io.scrimplb.proxy.routing;

import org.jspecify.annotations.Nullable;

/**
 * The copy of a path that routing looks at: percent-encoded bytes decoded, dot segments removed (RFC 3986, 5.2.4), repeated
 * slashes merged. What goes out are the bytes as they came. One an event loop; not thread-safe.
 */
public final class NormalisedPath {
    private byte[] decoded = new byte[256];

    private byte[] bytes = decoded;
    private int offset;
    private int length;

    /**
     * Normalises a path without its query.
     *
     * @return null when it is fine, else what is wrong with it
     */
    public @Nullable String set(byte[] path, int pathOffset, int pathLength) {
        if (isPlain(path, pathOffset, pathLength)) {
            bytes = path;
            offset = pathOffset;
            length = pathLength;
            return null;
        }
        if (decoded.length < pathLength + 1) {
            decoded = new byte[pathLength * 2];
        }
        int size = decode(path, pathOffset, pathLength);
        if (size < 0) {
            return "percent-encoding in the path is broken or hides a NUL";
        }
        bytes = decoded;
        offset = 0;
        length = removeDots(decoded, size);
        return length < 0 ? "the path leaves its root" : null;
    }

    public byte[] bytes() {
        return bytes;
    }

    public int offset() {
        return offset;
    }

    public int length() {
        return length;
    }

    private static boolean isPlain(byte[] path, int offset, int length) {
        byte before = 0;
        for (int i = offset; i < offset + length; i++) {
            byte b = path[i];
            if (b == '%' || (before == '/' && (b == '/' || b == '.'))) {
                return false;
            }
            before = b;
        }
        return true;
    }

    private int decode(byte[] path, int offset, int length) {
        int size = 0;
        int end = offset + length;
        for (int i = offset; i < end; i++) {
            byte b = path[i];
            if (b == '%') {
                if (i + 2 >= end) {
                    return -1;
                }
                int high = Character.digit(path[i + 1], 16);
                int low = Character.digit(path[i + 2], 16);
                if (high < 0 || low < 0 || (high | low) == 0) {
                    return -1;
                }
                b = (byte) (high << 4 | low);
                i += 2;
            }
            decoded[size++] = b;
        }
        return size;
    }

    /** Works in place: what is written never overtakes what is read. */
    private static int removeDots(byte[] path, int size) {
        int out = 0;
        int in = 0;
        boolean directory = false;
        while (in < size) {
            while (in < size && path[in] == '/') {
                in++;
            }
            int start = in;
            while (in < size && path[in] != '/') {
                in++;
            }
            int segment = in - start;
            directory = segment == 0;
            if (segment == 1 && path[start] == '.') {
                directory = true;
            } else if (segment == 2 && path[start] == '.' && path[start + 1] == '.') {
                directory = true;
                if (out == 0) {
                    return -1;
                }
                do {
                    out--;
                } while (path[out] != '/');
            } else if (segment > 0) {
                path[out++] = '/';
                System.arraycopy(path, start, path, out, segment);
                out += segment;
            }
        }
        if (directory || out == 0) {
            path[out++] = '/';
        }
        return out;
    }
}
