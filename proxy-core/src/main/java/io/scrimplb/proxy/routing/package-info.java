/** From host and path to an upstream: tables compiled once per swap and read without locks or allocation. */
@NullMarked
package io.scrimplb.proxy.routing;

import org.jspecify.annotations.NullMarked;
