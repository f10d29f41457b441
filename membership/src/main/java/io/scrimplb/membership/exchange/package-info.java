/**
 * Who knows what about whom, and who is asked when: the decisions of the exchange between backends and load balancers.
 * A load balancer asks every backend in its view until it answers. It believes a backend about itself before it
 * believes another load balancer about it, takes what a backend may offer from the certificate of its connection and not
 * from what it says, and never lets an older revision replace a newer one. Free of I/O, threads and the clock; the caller
 * brings the time and the messages.
 */
@NullMarked
package io.scrimplb.membership.exchange;

import org.jspecify.annotations.NullMarked;
