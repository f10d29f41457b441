/** What the data side counts and tells: counters striped by event loop, the access record, and the interfaces through which others read them. */
@NullMarked
package io.scrimplb.proxy.telemetry;

import org.jspecify.annotations.NullMarked;
