package io.scrimplb.proxy.h2;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Exception;
import io.scrimplb.proxy.partners.Hpack;
import io.scrimplb.proxy.spec.LimitSpec;

/** Field sections as they are after decoding. */
final class Sections {
    private Sections() {}

    /** A section of fields written as {@code name: value}. */
    static FieldSection of(String... fields) {
        return decode(LimitSpec.defaults(), Hpack.block(fields));
    }

    static FieldSection decode(LimitSpec limits, byte[] block) {
        FieldSection section = new FieldSection();
        try {
            new FieldSectionDecoder(section, () -> limits).decodeHeaders(1, Unpooled.wrappedBuffer(block));
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
        return section;
    }
}
