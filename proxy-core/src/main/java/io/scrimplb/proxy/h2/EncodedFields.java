package io.scrimplb.proxy.h2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** A field section that {@link HpackWriter} has encoded already, on its way through Netty's codec. */
final class EncodedFields extends NoHeaders {
    private static final AsciiString FINAL = AsciiString.cached("200");

    private final byte[] bytes;
    private final int length;
    private final boolean interim;

    /**
     * @param bytes not copied: must not change while the section waits
     * @param interim whether it is the head of an interim response
     */
    EncodedFields(byte[] bytes, int length, boolean interim) {
        this.bytes = bytes;
        this.length = length;
        this.interim = interim;
    }

    /** Bytes of the block. */
    int length() {
        return length;
    }

    /** Only to tell interim responses from others. */
    @Override
    public @Nullable CharSequence status() {
        return interim ? INTERIM : FINAL;
    }

    @Override
    public int size() {
        return 1;
    }

    @Override
    public boolean isEmpty() {
        return false;
    }

    /** Puts such sections out, and says before the first one that the dynamic table stays empty. One a connection. */
    static final class Encoder implements Http2HeadersEncoder, Http2HeadersEncoder.Configuration {
        private boolean begun;
        private long tableSize = 4096;
        private long listSize = Long.MAX_VALUE;

        @Override
        public void encodeHeaders(int streamId, Http2Headers headers, ByteBuf buffer) {
            if (!begun) {
                begun = true;
                buffer.writeByte(HpackWriter.NO_DYNAMIC_TABLE);
            }
            EncodedFields fields = (EncodedFields) headers;
            buffer.writeBytes(fields.bytes, 0, fields.length);
        }

        @Override
        public Configuration configuration() {
            return this;
        }

        @Override
        public void maxHeaderTableSize(long max) {
            tableSize = max;
        }

        @Override
        public long maxHeaderTableSize() {
            return tableSize;
        }

        @Override
        public void maxHeaderListSize(long max) {
            listSize = max;
        }

        @Override
        public long maxHeaderListSize() {
            return listSize;
        }
    }
}
