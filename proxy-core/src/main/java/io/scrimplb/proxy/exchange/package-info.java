/**
 * One request and its response, whichever versions of HTTP the client and the endpoint speak: {@link
 * io.scrimplb.proxy.exchange.Exchange} stands between a {@link io.scrimplb.proxy.exchange.ClientStream} and an {@link
 * io.scrimplb.proxy.exchange.OriginStream}. Heads are held in the form that HTTP/1.1 gives them; bodies pass as data, or in chunks
 * where both sides speak 1.1. Everything here belongs to one event loop.
 */
@NullMarked
package io.scrimplb.proxy.exchange;

import org.jspecify.annotations.NullMarked;
