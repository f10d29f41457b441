/** Balancers: compiled, immutable pickers of an endpoint. One policy a file. The control thread makes them, event loops call them without locks. */
@NullMarked
package io.scrimplb.proxy.balance;

import org.jspecify.annotations.NullMarked;
