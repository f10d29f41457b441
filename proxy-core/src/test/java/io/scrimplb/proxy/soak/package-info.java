/** A long mixed load on one proxy, and what must not have grown afterwards. */
@NullMarked
package io.scrimplb.proxy.soak;

import org.jspecify.annotations.NullMarked;
