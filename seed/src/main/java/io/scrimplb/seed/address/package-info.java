/**
 * Which address is mine: the resolvers that find the address a load balancer publishes, the rule for the address that
 * is bound when nobody says, and a client of EC2 instance metadata.
 *
 * <p>Resolvers look at the machine's interfaces each time they are asked, since a network may come up late or change.
 */
@NullMarked
package io.scrimplb.seed.address;

import org.jspecify.annotations.NullMarked;
