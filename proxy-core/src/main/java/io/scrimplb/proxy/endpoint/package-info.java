/** One address of an upstream: what it is ({@code Endpoint}, made anew by a swap) and what is known of it ({@code EndpointState}, which outlives swaps). */
@NullMarked
package io.scrimplb.proxy.endpoint;

import org.jspecify.annotations.NullMarked;
