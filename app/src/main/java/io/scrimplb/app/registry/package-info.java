/**
 * Who offers what, and the desired state that follows from it.
 *
 * <p>{@link io.scrimplb.app.registry.Registry} is a state machine without threads, clock or I/O of its own: cluster
 * views, announcements and the operator's static applications go in, a {@link io.scrimplb.proxy.spec.ProxySpec} comes
 * out. It is confined to one thread, the control thread; everything it hands out is immutable.
 *
 * <p>The parts, from the inside out: {@link io.scrimplb.app.registry.ClaimRules} turns one announced application into
 * an {@code Offer} of claims and targets; {@code KnownApplication} unites the offers under one name; {@code ClaimTable}
 * says who holds a listen port, and a domain and path on it; {@code Roster} knows the members and tells a lost network
 * from dead members; {@code Derivation} writes the spec.
 */
@NullMarked
package io.scrimplb.app.registry;

import org.jspecify.annotations.NullMarked;
