/**
 * What a scrape shows. A registry an instance, nothing global. The traffic is counted per event loop in the proxy and
 * read at scrape straight into the exposition, so that a series exists exactly as long as what it counts: nothing has to
 * be registered or removed at a swap, and a quiet series costs no memory here. Names are those of
 * {@link io.scrimplb.proxy.telemetry.MetricNames}, labels never hold a host, path or client, and their number is capped.
 */
@NullMarked
package io.scrimplb.app.metrics;

import org.jspecify.annotations.NullMarked;
