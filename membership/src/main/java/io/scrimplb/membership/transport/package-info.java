/**
 * The way of bytes between members: JGroups' transport over Netty, on one port, in TLS 1.3 where the cluster has a
 * secret.
 *
 * <p>A connection is a TCP stream; with a secret it begins with a mutual TLS handshake whose ALPN names
 * {@value io.scrimplb.membership.transport.ControlCodec#APPLICATION_PROTOCOL}, so that later protocols can share the
 * port. Then come frames: four bytes of length (big endian, of what follows), one of kind, and the rest.
 *
 * <ul>
 *   <li>Control frames are JSON. The side that connects says {@code hello} first, the other one {@code welcome} or
 *       {@code refused} with a reason; {@code goodbye} comes before an orderly close.
 *   <li>Message frames carry one JGroups message each, without addresses: it is from the member that the connection
 *       proved, and to the one it arrived at.
 * </ul>
 *
 * Everything is believed to be hostile: connections that have not proved themselves are bounded in number, time and
 * bytes, frames by their length and by every length within them, and the first bad one closes the connection.
 */
@NullMarked
package io.scrimplb.membership.transport;

import org.jspecify.annotations.NullMarked;
