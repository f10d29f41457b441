/**
 * The proxy seen from outside: what a client sees and what an origin gets, byte for byte, with nothing known of the
 * code between them. Each suite holds one subject; its cases come from the contract and from RFC 9110 and 9112, and a
 * case that guards against a known attack names the paragraph. {@link io.scrimplb.proxy.behaviour.ProxyFixture} starts
 * a proxy for each test and checks afterwards that everything it began was also ended;
 * {@link io.scrimplb.proxy.behaviour.LeakGuard} fails any class of the module that leaks a Netty buffer.
 */
@NullMarked
package io.scrimplb.proxy.behaviour;

import org.jspecify.annotations.NullMarked;
