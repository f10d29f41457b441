/**
 * What the proxy talks to in tests: origins and clients over plain blocking sockets, well behaved and misbehaving, each
 * a small class named after what it does. They share no code with the proxy, so that a misreading of the protocol there
 * cannot hide behind the same misreading here. Every wait is bounded; everything runs on loopback and port 0.
 */
@NullMarked
package io.scrimplb.proxy.partners;

import org.jspecify.annotations.NullMarked;
