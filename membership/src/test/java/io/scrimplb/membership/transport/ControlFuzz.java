package io.scrimplb.membership.transport;

/** Fuzz target: the JSON of control frames; what is read means the same when it is written and read again. */
public final class ControlFuzz {
    private static final long FIXED_BYTES = 64 * 1024;
    private static final long FACTOR = 400;
    private static final ControlCodec CODEC = new ControlCodec();

    private ControlFuzz() {}

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        check(input);
    }

    static void check(byte[] input) {
        Allocation.bounded(FIXED_BYTES, FACTOR, input.length, () -> read(input));
    }

    private static void read(byte[] input) {
        Control read;
        try {
            read = CODEC.decode(input, 0, input.length);
        } catch (BadFrameException e) {
            return;
        }
        byte[] written = CODEC.encode(read);
        Control again;
        try {
            again = CODEC.decode(written, 0, written.length);
        } catch (BadFrameException e) {
            if (written.length > ControlCodec.MAX_BYTES) {
                // Escapes can make it longer than it came.
                return;
            }
            throw new AssertionError("read once, not twice: " + read, e);
        }
        if (!(read instanceof Control.Welcome) && !read.equals(again)) {
            throw new AssertionError(read + " became " + again);
        }
    }
}
