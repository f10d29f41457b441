/** Raw forwarding by listen port. */
@NullMarked
package io.scrimplb.proxy.tcp;

import org.jspecify.annotations.NullMarked;
