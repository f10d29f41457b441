/**
 * The cluster itself, and the only package that sees JGroups: the stack, discovery through seeds, who is suspected,
 * and the messages. Start at {@link io.scrimplb.membership.jgroups.JGroupsMembership}.
 *
 * <p>Own protocols in the stack are subclasses of JGroups' and carry their parents' protocol ids, so that they speak
 * the same headers. No thread of JGroups waits for us: views and messages are handed to {@code Conversation}'s thread,
 * seed sources are read on {@code SeedBook}'s.
 *
 * <p>What strangers can still do until the transport is replaced: the accepting thread of JGroups' TCP reads a
 * newcomer's address itself, so connections that trickle bytes delay joins, and each costs a thread; whoever reaches
 * the port may join and speak, since there is no secret yet. That is why only loopback and private addresses are bound.
 */
@NullMarked
package io.scrimplb.membership.jgroups;

import org.jspecify.annotations.NullMarked;
