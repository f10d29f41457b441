/** HTTP/1.x: finds heads in bytes, and the two handlers that carry an exchange on a client's and on an endpoint's connection of one event loop. */
@NullMarked
package io.scrimplb.proxy.h1;

import org.jspecify.annotations.NullMarked;
