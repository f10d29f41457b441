/** TLS: the peek at a ClientHello, certificates by name, and the engine that encrypts. */
@NullMarked
package io.scrimplb.proxy.tls;

import org.jspecify.annotations.NullMarked;
