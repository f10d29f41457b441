package io.scrimplb.proxy.listener;

import io.scrimplb.proxy.exchange.ExchangeLoop;
import io.scrimplb.proxy.h1.H1Loop;
import io.scrimplb.proxy.h2.H2ClientConnection;
import io.scrimplb.proxy.h2.H2Loop;
import io.scrimplb.proxy.h2.H2Origins;
import io.scrimplb.proxy.h2.TlsOrigins;
import io.scrimplb.proxy.routing.ProxyContext;
import io.scrimplb.proxy.spec.OriginProtocol;
import io.scrimplb.proxy.transport.EventLoops;
import io.scrimplb.proxy.transport.Loop;

/** The versions of HTTP on one event loop: towards clients, and by which protocol endpoints are reached. */
record HttpLoop(H1Loop h1, H2Loop h2) {
    /** Made on the loop. */
    static HttpLoop make(EventLoops loops, Loop loop, ProxyContext context) {
        ExchangeLoop exchanges = new ExchangeLoop(loop, context);
        H2Loop h2 = new H2Loop(exchanges, loops.loops().size());
        H1Loop h1 = new H1Loop(loops, exchanges, listener -> H2ClientConnection.priorKnowledge(h2, listener));
        exchanges.reach(OriginProtocol.HTTP, h1);
        exchanges.reach(OriginProtocol.HTTPS, new TlsOrigins(loops, h1, h2));
        exchanges.reach(OriginProtocol.H2C, new H2Origins(loops, h2));
        return new HttpLoop(h1, h2);
    }
}
