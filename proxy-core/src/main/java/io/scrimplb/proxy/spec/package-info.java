/** The desired state of the proxy as immutable records, and the validator that leaves out one bad object instead of refusing the whole. */
@NullMarked
package io.scrimplb.proxy.spec;

import org.jspecify.annotations.NullMarked;
