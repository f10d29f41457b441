package io.scrimplb.proxy.routing;

import io.scrimplb.proxy.telemetry.RequestCounters;
import io.scrimplb.proxy.upstream.Upstream;

/** Where a matched request goes, and what it is counted under; holds objects, so a request looks nothing up by name. */
public record Route(Upstream upstream, RequestCounters counters) {}
