package io.scrimplb.proxy.spec;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Leaves out of a spec what is not valid and says why, so that one bad application does not stop the others. */
public final class SpecValidator {
    private static final int MAX_HOST_LENGTH = 255;
    private static final Pattern HOST = Pattern.compile(
            "\\*|(\\*\\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*|\\[[0-9a-f:.]+]");
    private static final Pattern NOT_NORMAL = Pattern.compile("//|/\\.\\.?(/|$)|[%?#]");

    private static final int MAX_WEIGHT = 1000;

    /** What metrics call requests that no application is to blame for. */
    private static final String RESERVED_NAME = "none";

    private final List<SpecProblem> problems = new ArrayList<>();

    /** The outcome: a spec in which every name resolves and every value is in range, and what was left out of it. */
    public record Validated(ProxySpec spec, List<SpecProblem> problems) {}

    private SpecValidator() {}

    public static Validated validate(ProxySpec spec) {
        SpecValidator validator = new SpecValidator();
        ProxySpec cleaned = validator.clean(spec);
        return new Validated(cleaned, List.copyOf(validator.problems));
    }

    private ProxySpec clean(ProxySpec spec) {
        Map<String, UpstreamSpec> upstreams = upstreams(spec);
        Map<String, ListenerSpec> listeners = listeners(spec, upstreams.keySet());
        return new ProxySpec(
                spec.revision(),
                List.copyOf(listeners.values()),
                routes(spec, listeners, upstreams.keySet()),
                List.copyOf(upstreams.values()),
                limits(spec.limits()),
                timeouts(spec.timeouts()),
                spec.trustedProxies());
    }

    private Map<String, UpstreamSpec> upstreams(ProxySpec spec) {
        Map<String, UpstreamSpec> kept = new TreeMap<>();
        for (UpstreamSpec upstream : spec.upstreams()) {
            String object = "upstream " + upstream.name();
            if (upstream.name().isEmpty()) {
                problem("upstream", "has no name");
            } else if (upstream.name().equals(RESERVED_NAME)) {
                problem(object, "'none' stands for requests of no application: choose another name");
            } else if (kept.containsKey(upstream.name())) {
                problem(object, "is there twice; the first is kept");
            } else {
                kept.put(upstream.name(), new UpstreamSpec(upstream.name(), upstream.policy(), endpoints(upstream)));
            }
        }
        return kept;
    }

    private List<EndpointSpec> endpoints(UpstreamSpec upstream) {
        List<EndpointSpec> kept = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (EndpointSpec endpoint : upstream.endpoints()) {
            String object = "endpoint " + endpoint.address() + " of " + upstream.name();
            InetSocketAddress address = endpoint.address();
            if (address.isUnresolved() || address.getPort() == 0) {
                problem(object, "has no resolved address and port");
            } else if (endpoint.weight() < 1 || endpoint.weight() > MAX_WEIGHT) {
                problem(object, "weight " + endpoint.weight() + " is not within 1 to " + MAX_WEIGHT);
            } else if (seen.add(endpoint.member() + "@" + address)) {
                kept.add(endpoint);
            }
        }
        return kept;
    }

    private Map<String, ListenerSpec> listeners(ProxySpec spec, Set<String> upstreams) {
        Map<String, ListenerSpec> kept = new TreeMap<>();
        Set<InetSocketAddress> addresses = new HashSet<>();
        for (ListenerSpec listener : spec.listeners()) {
            String object = "listener " + listener.name();
            String fault = null;
            if (listener.name().isEmpty() || kept.containsKey(listener.name())) {
                fault = "needs a name of its own";
            } else if (listener.address().isUnresolved()) {
                fault = "address " + listener.address() + " is not resolved";
            } else if (listener instanceof TcpListenerSpec tcp && !upstreams.contains(tcp.upstream())) {
                fault = "names the unknown upstream " + tcp.upstream();
            } else if (listener.address().getPort() != 0 && !addresses.add(listener.address())) {
                fault = "has the address of another listener";
            }
            if (fault == null) {
                kept.put(listener.name(), listener);
            } else {
                problem(object, fault);
            }
        }
        return kept;
    }

    private List<RouteSpec> routes(ProxySpec spec, Map<String, ListenerSpec> listeners, Set<String> upstreams) {
        List<RouteSpec> kept = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (RouteSpec route : spec.routes()) {
            RouteSpec lower = new RouteSpec(
                    route.listener(), route.host().toLowerCase(Locale.ROOT), route.pathPrefix(), route.upstream());
            String fault = fault(lower, listeners, upstreams);
            if (fault == null && !seen.add(lower.listener() + " " + lower.host() + bare(lower.pathPrefix()))) {
                fault = "the same host and path is routed already";
            }
            if (fault == null) {
                kept.add(lower);
            } else {
                problem(
                        "route " + route.host() + route.pathPrefix() + " at " + route.listener() + " to "
                                + route.upstream(),
                        fault);
            }
        }
        return kept;
    }

    private static String bare(String prefix) {
        return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    }

    private static @Nullable String fault(RouteSpec route, Map<String, ListenerSpec> listeners, Set<String> upstreams) {
        if (!(listeners.get(route.listener()) instanceof HttpListenerSpec)) {
            return "there is no HTTP listener of that name";
        }
        if (!upstreams.contains(route.upstream())) {
            return "there is no upstream of that name";
        }
        if (route.host().length() > MAX_HOST_LENGTH
                || !HOST.matcher(route.host()).matches()) {
            return "the host is not a name, *.name or *";
        }
        if (!route.pathPrefix().startsWith("/")) {
            return "the path does not start with a slash";
        }
        // Requests are routed by their normalised path, which such a prefix could never begin.
        return NOT_NORMAL.matcher(route.pathPrefix()).find()
                ? "the path holds //, a dot segment, %, ? or #, so nothing would ever match it"
                : null;
    }

    private LimitSpec limits(LimitSpec wanted) {
        LimitSpec defaults = LimitSpec.defaults();
        boolean fine = wanted.headerBytes() >= 1024
                && wanted.headerBytes() <= 256 * 1024
                && wanted.headerCount() >= 1
                && wanted.headerCount() <= 1000
                && wanted.connections() >= 1;
        if (!fine) {
            problem("limits", wanted + " are out of range; the defaults hold");
        }
        return fine ? wanted : defaults;
    }

    private TimeoutSpec timeouts(TimeoutSpec wanted) {
        boolean fine = List.of(
                        wanted.clientHeader(),
                        wanted.clientIdle(),
                        wanted.connect(),
                        wanted.firstByte(),
                        wanted.tunnelIdle(),
                        wanted.drain())
                .stream()
                .allMatch(timeout -> !timeout.isNegative() && !timeout.isZero() && timeout.toDays() < 365);
        if (!fine) {
            problem("timeouts", wanted + " are not all positive; the defaults hold");
        }
        return fine ? wanted : TimeoutSpec.defaults();
    }

    private void problem(String object, String message) {
        problems.add(new SpecProblem(object, message, false));
    }
}
