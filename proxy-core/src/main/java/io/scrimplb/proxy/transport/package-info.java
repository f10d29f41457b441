/** Event loops and what runs on them: the native transport, the sweep that stands in for timers, the byte relay, trusted networks. */
@NullMarked
package io.scrimplb.proxy.transport;

import org.jspecify.annotations.NullMarked;
