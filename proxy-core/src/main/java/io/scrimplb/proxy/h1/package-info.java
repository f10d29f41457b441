/** HTTP/1.x: parsers of heads, followers of bodies, and the two handlers that forward an exchange between a client's and an endpoint's connection on one event loop. */
@NullMarked
package io.scrimplb.proxy.h1;

import org.jspecify.annotations.NullMarked;
