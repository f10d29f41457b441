/** Upstreams, the idle connections to their endpoints, and the one place where an attempt at an endpoint is accounted. */
@NullMarked
package io.scrimplb.proxy.upstream;

import org.jspecify.annotations.NullMarked;
