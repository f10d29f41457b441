package io.scrimplb.proxy.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameTypes;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what is read from a connection into whole frames (RFC 9113, 4.1), which lie in the buffer that was read into; only a
 * frame that is not all there is copied, into a buffer of its own size. Not thread-safe.
 */
final class FrameInput {
    /** What takes whole frames. */
    interface Frames {
        /**
         * A frame is there. Called before it is decoded, so that it can be counted.
         *
         * @param size of its payload in bytes
         */
        void frame(int size, byte type, int flags, int streamId) throws Http2Exception;

        /** Takes one or more whole frames. */
        void decode(ByteBuf whole) throws Http2Exception;
    }

    static final int HEADER_BYTES = Http2CodecUtil.FRAME_HEADER_LENGTH;

    /** The largest payload that is taken: what everybody may send, and nothing larger is asked for. */
    static final int MAX_PAYLOAD_BYTES = Http2CodecUtil.DEFAULT_MAX_FRAME_SIZE;

    private static final int TYPE_OFFSET = 3;

    private @Nullable ByteBuf partial;
    private boolean closed;

    /** Whether a frame has begun and not ended. */
    boolean inFrame() {
        return partial != null;
    }

    /** Whether that frame is known to be one of data. */
    boolean inData() {
        ByteBuf begun = partial;
        return begun != null
                && begun.readableBytes() > TYPE_OFFSET
                && begun.getByte(TYPE_OFFSET) == Http2FrameTypes.DATA;
    }

    /** Takes what was read, which stays the caller's. */
    void feed(ByteBuf in, Frames to, ByteBufAllocator allocator) throws Http2Exception {
        while (partial != null && in.isReadable() && !closed) {
            if (!complete(in)) {
                return;
            }
            ByteBuf whole = partial;
            partial = null;
            try {
                tell(whole, whole.readerIndex(), to);
                to.decode(whole);
            } finally {
                whole.release();
            }
        }
        int start = in.readerIndex();
        int at = start;
        while (in.writerIndex() - at >= HEADER_BYTES && !closed) {
            int size = size(in, at);
            if (in.writerIndex() - at < HEADER_BYTES + size) {
                break;
            }
            tell(in, at, to);
            at += HEADER_BYTES + size;
            // One by one, so that none that was not counted is decoded.
            to.decode(in.readSlice(HEADER_BYTES + size));
        }
        int left = in.readableBytes();
        if (left > 0 && !closed) {
            int size = left < HEADER_BYTES ? 0 : size(in, in.readerIndex());
            partial = allocator.directBuffer(HEADER_BYTES + size).writeBytes(in);
        }
    }

    /** Adds to the partial frame; false while it is not whole. */
    private boolean complete(ByteBuf in) throws Http2Exception {
        ByteBuf frame = partial;
        if (frame == null) {
            return false;
        }
        if (frame.readableBytes() < HEADER_BYTES) {
            frame.writeBytes(in, Math.min(in.readableBytes(), HEADER_BYTES - frame.readableBytes()));
            if (frame.readableBytes() < HEADER_BYTES) {
                return false;
            }
        }
        int missing = HEADER_BYTES + size(frame, frame.readerIndex()) - frame.readableBytes();
        int taken = Math.min(in.readableBytes(), missing);
        frame.writeBytes(in, taken);
        return taken == missing;
    }

    private static int size(ByteBuf in, int at) throws Http2Exception {
        int size = in.getUnsignedMedium(at);
        if (size > MAX_PAYLOAD_BYTES) {
            throw Http2Exception.connectionError(Http2Error.FRAME_SIZE_ERROR, "a frame of %d bytes", size);
        }
        return size;
    }

    private static void tell(ByteBuf in, int at, Frames to) throws Http2Exception {
        to.frame(
                in.getUnsignedMedium(at),
                in.getByte(at + TYPE_OFFSET),
                in.getUnsignedByte(at + 4),
                in.getInt(at + 5) & 0x7fffffff);
    }

    /** Nothing more is taken. */
    void close() {
        closed = true;
        ByteBuf left = partial;
        partial = null;
        if (left != null) {
            left.release();
        }
    }
}
