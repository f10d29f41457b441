/**
 * The proxy as a whole: {@link io.scrimplb.proxy.ProxyServer} takes a spec, compiles it into a snapshot and swaps the one
 * reference the data side reads. It knows no cluster, no files and no admin address, and can be embedded.
 */
@NullMarked
package io.scrimplb.proxy;

import org.jspecify.annotations.NullMarked;
