/** Where addresses to join through are kept: seeds, the sources that hold them, and the publisher that keeps a load balancer's own one fresh. */
@NullMarked
package io.scrimplb.seed;

import org.jspecify.annotations.NullMarked;
