package io.scrimplb.proxy.h2;

import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Headers;
import io.scrimplb.proxy.spec.LimitSpec;
import java.util.function.Supplier;

/** Netty's HPACK decoder (RFC 7541), putting what it decodes into a loop's one {@link FieldSection}. One a connection. */
final class FieldSectionDecoder extends DefaultHttp2HeadersDecoder {
    /** The section's own limits hold, which end in an answer; the decoder's would end before it. */
    private static final long UNLIMITED = 0xffff_ffffL;

    /**
     * Compressed bytes of a block, as a multiple of the head that is allowed: up to this a client with too many or too long
     * fields is told so (431), and over it the connection ends before the block is even decoded. That bounds what a block in
     * many CONTINUATION frames can hold (CVE-2024-27316).
     */
    private static final long BLOCK_FACTOR = 2;

    private final FieldSection section;
    private final Supplier<LimitSpec> limits;

    FieldSectionDecoder(FieldSection section, Supplier<LimitSpec> limits) {
        super(false, false, UNLIMITED);
        this.section = section;
        this.limits = limits;
    }

    /** Called when our SETTINGS are acknowledged; what they say is advice, and kept by the section. */
    @Override
    public void maxHeaderListSize(long max, long goAwayMax) {}

    @Override
    public long maxHeaderListSizeGoAway() {
        return limits.get().headerBytes() * BLOCK_FACTOR;
    }

    @Override
    protected Http2Headers newHeaders() {
        LimitSpec now = limits.get();
        section.begin(now.headerBytes(), now.headerCount());
        return section;
    }
}
