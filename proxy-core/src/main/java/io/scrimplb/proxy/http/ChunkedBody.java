package io.scrimplb.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Follows a chunked body (RFC 9112, 7.1) and says which of its bytes go on. In the common case that is all of them, as they
 * lie in the buffer. Chunk extensions never pass; trailer fields only when asked for and allowed.
 */
public final class ChunkedBody {
    /** Hex digits of a chunk size: 60 bits. */
    private static final int MAX_SIZE_DIGITS = 15;

    /** Bytes of extensions on one chunk. */
    private static final int MAX_EXTENSION_BYTES = 256;

    /**
     * Bytes by which the extensions of a body may outweigh the data of their chunks. Without a bound one byte of data could
     * cost 256 of reading, for ever, and past any limit on the data (CVE-2023-39326, whose cure in Go is of the same kind).
     */
    private static final int MAX_EXTENSION_EXCESS_BYTES = 16 * 1024;

    private static final MalformedBodyException BAD_SIZE = new MalformedBodyException("a chunk size is not valid");
    private static final MalformedBodyException BAD_EXTENSION =
            new MalformedBodyException("a chunk extension is not valid");
    private static final MalformedBodyException BAD_LINE_END =
            new MalformedBodyException("a chunk does not end in CRLF");
    private static final MalformedBodyException BAD_TRAILER_LINE =
            new MalformedBodyException("trailer: a bare CR or LF");
    private static final MalformedBodyException BAD_TRAILER = new MalformedBodyException("the trailer is not valid");

    private enum State {
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER_START,
        TRAILER_LINE,
        TRAILER_LF,
        END_LF,
        DONE
    }

    private State state = State.SIZE;
    private long size;
    private int digits;
    private int extensionBytes;
    private long extensionExcess;
    private boolean framing;
    private boolean keepTrailers;
    private @Nullable ByteArrayOutputStream trailers;
    private byte[] allowedTrailers = TrailerFields.NONE;

    // What goes on of the buffer in hand: one run of it, or a copy once there is more than one.
    private int runStart;
    private int runEnd;
    private @Nullable ByteBuf copy;

    /**
     * Begins a body.
     *
     * @param keepFraming false to hand on the data alone
     * @param passTrailers whether allowed trailer fields go on: with the framing, else as {@link #trailers()}
     */
    public void begin(boolean keepFraming, boolean passTrailers) {
        state = State.SIZE;
        size = 0;
        digits = 0;
        extensionExcess = 0;
        framing = keepFraming;
        keepTrailers = passTrailers;
        trailers = null;
        allowedTrailers = TrailerFields.NONE;
    }

    public boolean done() {
        return state == State.DONE;
    }

    /** Lines of the trailer that may pass, once the body is done; empty where they went on with the framing. */
    public byte[] trailers() {
        return allowedTrailers;
    }

    /**
     * Consumes what belongs to the body.
     *
     * @return what goes on, to be released by the caller; null when nothing does yet
     */
    @Nullable
    public ByteBuf take(ByteBuf in, ByteBufAllocator allocator) throws MalformedBodyException {
        runStart = -1;
        runEnd = -1;
        copy = null;
        try {
            while (state != State.DONE && in.isReadable()) {
                step(in, allocator);
            }
        } catch (MalformedBodyException e) {
            ByteBuf made = copy;
            if (made != null) {
                made.release();
                copy = null;
            }
            throw e;
        }
        ByteBuf made = copy;
        copy = null;
        if (made != null) {
            return made;
        }
        return runStart < 0 ? null : in.retainedSlice(runStart, runEnd - runStart);
    }

    private void step(ByteBuf in, ByteBufAllocator allocator) throws MalformedBodyException {
        if (state == State.DATA) {
            int count = (int) Math.min(size, in.readableBytes());
            emit(in, in.readerIndex(), count, allocator);
            in.skipBytes(count);
            size -= count;
            if (size == 0) {
                state = State.DATA_CR;
            }
            return;
        }
        int at = in.readerIndex();
        byte b = in.readByte();
        switch (state) {
            case SIZE -> {
                if (sizeByte(b)) {
                    emitFraming(in, at, allocator);
                }
            }
            case EXTENSION -> {
                if (b == '\r') {
                    extensionExcess = Math.max(0, extensionExcess + extensionBytes - size);
                    if (extensionExcess > MAX_EXTENSION_EXCESS_BYTES) {
                        throw BAD_EXTENSION;
                    }
                    state = State.SIZE_LF;
                    emitFraming(in, at, allocator);
                } else if (!Ascii.isValue(b) || ++extensionBytes > MAX_EXTENSION_BYTES) {
                    throw BAD_EXTENSION;
                }
            }
            case SIZE_LF -> {
                expect(b, '\n');
                emitFraming(in, at, allocator);
                state = size == 0 ? State.TRAILER_START : State.DATA;
            }
            case DATA_CR -> {
                expect(b, '\r');
                emitFraming(in, at, allocator);
                state = State.DATA_LF;
            }
            case DATA_LF -> {
                expect(b, '\n');
                emitFraming(in, at, allocator);
                digits = 0;
                state = State.SIZE;
            }
            case TRAILER_START -> {
                if (b == '\r') {
                    endTrailers(in, allocator);
                    emitFraming(in, at, allocator);
                    state = State.END_LF;
                } else {
                    trailerByte(b);
                    state = State.TRAILER_LINE;
                }
            }
            case TRAILER_LINE -> {
                trailerByte(b);
                if (b == '\r') {
                    state = State.TRAILER_LF;
                }
            }
            case TRAILER_LF -> {
                if (b != '\n') {
                    throw BAD_TRAILER_LINE;
                }
                trailerByte(b);
                state = State.TRAILER_START;
            }
            case END_LF -> {
                expect(b, '\n');
                emitFraming(in, at, allocator);
                state = State.DONE;
            }
            default -> throw new IllegalStateException(state.name());
        }
    }

    /** @return whether the byte goes on */
    private boolean sizeByte(byte b) throws MalformedBodyException {
        int digit = Ascii.hex(b);
        if (digit >= 0) {
            if (digits == 0) {
                size = 0;
            }
            if (++digits > MAX_SIZE_DIGITS) {
                throw BAD_SIZE;
            }
            size = size << 4 | digit;
            return true;
        }
        if (digits == 0) {
            throw BAD_SIZE;
        }
        if (b == '\r') {
            state = State.SIZE_LF;
            return true;
        }
        if (b != ';') {
            throw BAD_SIZE;
        }
        extensionBytes = 0;
        state = State.EXTENSION;
        return false;
    }

    private static void expect(byte b, char wanted) throws MalformedBodyException {
        if (b != wanted) {
            throw BAD_LINE_END;
        }
    }

    private void trailerByte(byte b) throws MalformedBodyException {
        ByteArrayOutputStream section = trailers;
        if (section == null) {
            section = new ByteArrayOutputStream();
            trailers = section;
        }
        if (b == '\n' && state != State.TRAILER_LF) {
            // At once, and not when the section ends, which it might never do.
            throw BAD_TRAILER_LINE;
        }
        if (section.size() == TrailerFields.MAX_BYTES) {
            throw BAD_TRAILER;
        }
        section.write(b);
    }

    private void endTrailers(ByteBuf in, ByteBufAllocator allocator) throws MalformedBodyException {
        ByteArrayOutputStream section = trailers;
        if (section == null) {
            return;
        }
        section.write('\r');
        section.write('\n');
        byte[] allowed = TrailerFields.allowed(section.toByteArray());
        if (keepTrailers && framing && allowed.length > 0) {
            copyOut(in, allocator).writeBytes(allowed);
        } else if (keepTrailers) {
            allowedTrailers = allowed;
        }
    }

    private void emitFraming(ByteBuf in, int at, ByteBufAllocator allocator) {
        if (framing) {
            emit(in, at, 1, allocator);
        }
    }

    private void emit(ByteBuf in, int from, int count, ByteBufAllocator allocator) {
        if (copy == null && (runStart < 0 || from == runEnd)) {
            runStart = runStart < 0 ? from : runStart;
            runEnd = from + count;
            return;
        }
        copyOut(in, allocator).writeBytes(in, from, count);
    }

    /** From here on what goes on is copied, since it is no longer one run. */
    private ByteBuf copyOut(ByteBuf in, ByteBufAllocator allocator) {
        ByteBuf made = copy;
        if (made == null) {
            made = allocator.directBuffer(in.readableBytes() + Math.max(0, runEnd - runStart) + 16);
            copy = made;
            if (runStart >= 0) {
                made.writeBytes(in, runStart, runEnd - runStart);
            }
        }
        return made;
    }
}
