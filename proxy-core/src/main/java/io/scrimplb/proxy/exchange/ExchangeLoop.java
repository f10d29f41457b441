package io.scrimplb.proxy.exchange;

import io.scrimplb.proxy.http.RequestHead;
import io.scrimplb.proxy.http.RequestIds;
import io.scrimplb.proxy.http.ResponseHead;
import io.scrimplb.proxy.routing.ProxyContext;
import io.scrimplb.proxy.spec.OriginProtocol;
import io.scrimplb.proxy.telemetry.ErrorCause;
import io.scrimplb.proxy.transport.Loop;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the exchanges of one event loop share: scratch space for heads, the parsed head in hand, ways to endpoints, exchanges to
 * use again. Made and used on that loop alone, so an idle connection needs to hold none of it.
 */
public final class ExchangeLoop {
    /** Exchanges kept for the next requests; further ones are left to the collector. */
    private static final int MAX_SPARE_EXCHANGES = 256;

    private static final Logger log = LoggerFactory.getLogger(ExchangeLoop.class);
    private static final long TROUBLE_QUIET_NANOS = 60_000_000_000L;

    private final Loop loop;
    private final ProxyContext context;
    private final RequestHead requestHead = new RequestHead();
    private final ResponseHead responseHead = new ResponseHead();
    private final RequestRouter router = new RequestRouter();
    private final RequestIds requestIds = new RequestIds();
    private final Map<OriginProtocol, Origins> origins = new EnumMap<>(OriginProtocol.class);
    private final ArrayDeque<Exchange> spare = new ArrayDeque<>();
    private long troubleToldNanos = System.nanoTime() - TROUBLE_QUIET_NANOS;
    private byte[] headBytes = new byte[8 * 1024];

    public ExchangeLoop(Loop loop, ProxyContext context) {
        this.loop = loop;
        this.context = context;
    }

    /** Names the way to endpoints of a protocol; before the first exchange. */
    public void reach(OriginProtocol protocol, Origins by) {
        origins.put(protocol, by);
    }

    /** The way to endpoints of a protocol. */
    Origins origins(OriginProtocol protocol) {
        Origins found = origins.get(protocol);
        if (found == null) {
            throw new IllegalStateException("no way to endpoints that speak " + protocol);
        }
        return found;
    }

    public Loop loop() {
        return loop;
    }

    public ProxyContext context() {
        return context;
    }

    /** The request head in hand, valid until the next one is parsed. */
    public RequestHead requestHead() {
        return requestHead;
    }

    /** The response head in hand, valid until the next one is parsed. */
    public ResponseHead responseHead() {
        return responseHead;
    }

    public RequestIds requestIds() {
        return requestIds;
    }

    RequestRouter router() {
        return router;
    }

    /** Where a head is put to be parsed; its content is lost at the next call with a larger size. */
    public byte[] headBytes(int size) {
        if (headBytes.length < size) {
            headBytes = new byte[Math.max(size, headBytes.length * 2)];
        }
        return headBytes;
    }

    /** Something went wrong that should not: in full now and then, since a stranger may be able to bring it about often. */
    public void troubled(Throwable cause) {
        context.unattributed().error(loop.index(), ErrorCause.INTERNAL);
        long now = System.nanoTime();
        if (now - troubleToldNanos >= TROUBLE_QUIET_NANOS) {
            troubleToldNanos = now;
            log.error("an exchange could not be handled", cause);
        } else {
            log.debug("an exchange could not be handled", cause);
        }
    }

    /** An exchange for the next request, to be begun at once. */
    public Exchange takeExchange() {
        Exchange exchange = spare.pollLast();
        return exchange == null ? new Exchange(this) : exchange;
    }

    void giveBack(Exchange exchange) {
        if (spare.size() < MAX_SPARE_EXCHANGES) {
            spare.addLast(exchange);
        }
    }
}
