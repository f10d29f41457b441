package io.scrimplb.proxy.spec;

import java.util.Locale;

/**
 * Match → upstream. An exact host wins over a wildcard, a longer wildcard over a shorter one, any of them over
 * {@code *}; within a host the longest path prefix wins.
 *
 * @param listener name of the {@link HttpListenerSpec} at which the route holds
 * @param host {@code blog.example.com}, {@code *.example.com} (one or more labels in place of the star) or {@code *};
 *     compared without regard to case and without the port, and held in lower case
 * @param pathPrefix starts with {@code /}; matches whole segments ({@code /api} matches {@code /api} and
 *     {@code /api/x}, not {@code /apix}); compared with the normalised path
 * @param upstream name of the {@link UpstreamSpec}
 */
public record RouteSpec(String listener, String host, String pathPrefix, String upstream) {
    public RouteSpec {
        host = host.toLowerCase(Locale.ROOT);
    }
}
