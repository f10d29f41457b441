package io.scrimplb.proxy.spec;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What makes an object of a spec valid. Each check leaves out what is not and says why, so that one bad application does
 * not stop the others; each looks at one object (at the routes of one host), so that what has not changed need not be
 * looked at again.
 */
public final class SpecValidator {
    private static final int MAX_HOST_LENGTH = 255;
    private static final Pattern HOST = Pattern.compile(
            "\\*|(\\*\\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*|\\[[0-9a-f:.]+]");
    private static final Pattern NOT_NORMAL = Pattern.compile("//|/\\.\\.?(/|$)|[%?#]");

    private static final int MAX_WEIGHT = 1000;

    /** What metrics call requests that no application is to blame for. */
    private static final String RESERVED_NAME = "none";

    private SpecValidator() {}

    /** Whether an upstream of that name may be there, if none of that name is there yet. */
    public static boolean upstreamName(String name, Set<String> there, List<SpecProblem> problems) {
        if (name.isEmpty()) {
            problem(problems, "upstream", "has no name");
        } else if (name.equals(RESERVED_NAME)) {
            problem(problems, "upstream " + name, "'none' stands for requests of no application: choose another name");
        } else if (there.contains(name)) {
            problem(problems, "upstream " + name, "is there twice; the first is kept");
        } else {
            return true;
        }
        return false;
    }

    /** The valid endpoints of an upstream, each once. */
    public static List<EndpointSpec> endpoints(UpstreamSpec upstream, List<SpecProblem> problems) {
        record Identity(String member, InetSocketAddress address) {}
        List<EndpointSpec> kept = new ArrayList<>();
        Set<Identity> seen = new HashSet<>();
        for (EndpointSpec endpoint : upstream.endpoints()) {
            InetSocketAddress address = endpoint.address();
            String fault = null;
            if (address.isUnresolved() || address.getPort() == 0) {
                fault = "has no resolved address and port";
            } else if (endpoint.weight() < 1 || endpoint.weight() > MAX_WEIGHT) {
                fault = "weight " + endpoint.weight() + " is not within 1 to " + MAX_WEIGHT;
            } else if (seen.add(new Identity(endpoint.member(), address))) {
                kept.add(endpoint);
            }
            if (fault != null) {
                problem(problems, "endpoint " + address + " of " + upstream.name(), fault);
            }
        }
        return kept;
    }

    /** The valid listeners, by name. */
    public static List<ListenerSpec> listeners(
            List<ListenerSpec> wanted, Set<String> upstreams, List<SpecProblem> problems) {
        Map<String, ListenerSpec> kept = new TreeMap<>();
        Set<InetSocketAddress> addresses = new HashSet<>();
        for (ListenerSpec listener : wanted) {
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
                problem(problems, "listener " + listener.name(), fault);
            }
        }
        return List.copyOf(kept.values());
    }

    /**
     * The valid routes among those of one host.
     *
     * @param routes all that name the host, at whichever listener, in the order of the spec
     * @param httpListeners names of the valid HTTP listeners
     * @param upstreams how the valid upstream of a name is spoken with; null when there is none
     */
    public static List<RouteSpec> routes(
            List<RouteSpec> routes,
            Set<String> httpListeners,
            Function<String, @Nullable OriginProtocol> upstreams,
            List<SpecProblem> problems) {
        record Place(String listener, String path) {}
        List<RouteSpec> kept = new ArrayList<>();
        Set<Place> seen = new HashSet<>();
        for (RouteSpec route : routes) {
            String fault = httpListeners.contains(route.listener())
                    ? fault(route, upstreams)
                    : "there is no HTTP listener of that name";
            if (fault == null && upstreams.apply(route.upstream()) == OriginProtocol.RAW) {
                fault = "the upstream speaks no HTTP";
            }
            if (fault == null && !seen.add(new Place(route.listener(), bare(route.pathPrefix())))) {
                fault = "the same host and path is routed already";
            }
            if (fault == null) {
                kept.add(route);
            } else {
                String object = "route " + route.host() + route.pathPrefix() + " at " + route.listener() + " to "
                        + route.upstream();
                problem(problems, object, fault);
            }
        }
        return kept;
    }

    /**
     * The valid passthroughs among those of one host, as routes of the path {@code /}.
     *
     * @param tlsListeners names of the valid HTTP listeners with TLS
     * @param upstreams see {@link #routes}
     */
    public static List<RouteSpec> passthroughs(
            List<RouteSpec> passthroughs,
            Set<String> tlsListeners,
            Function<String, @Nullable OriginProtocol> upstreams,
            List<SpecProblem> problems) {
        List<RouteSpec> kept = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (RouteSpec passthrough : passthroughs) {
            String fault = tlsListeners.contains(passthrough.listener())
                    ? fault(passthrough, upstreams)
                    : "there is no TLS listener of that name";
            if (fault == null && !seen.add(passthrough.listener())) {
                fault = "the same host is passed through already";
            }
            if (fault == null) {
                kept.add(passthrough);
            } else {
                String object = "passthrough of " + passthrough.host() + " at " + passthrough.listener() + " to "
                        + passthrough.upstream();
                problem(problems, object, fault);
            }
        }
        return kept;
    }

    private static String bare(String prefix) {
        return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    }

    private static @Nullable String fault(RouteSpec route, Function<String, @Nullable OriginProtocol> upstreams) {
        if (upstreams.apply(route.upstream()) == null) {
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

    /** The limits if they are in range, else the defaults. */
    public static LimitSpec limits(LimitSpec wanted, List<SpecProblem> problems) {
        LimitSpec defaults = LimitSpec.defaults();
        boolean fine = wanted.headerBytes() >= 1024
                && wanted.headerBytes() <= 256 * 1024
                && wanted.headerCount() >= 1
                && wanted.headerCount() <= 1000
                && wanted.connections() >= 1;
        if (!fine) {
            problem(problems, "limits", wanted + " are out of range; the defaults hold");
        }
        return fine ? wanted : defaults;
    }

    /** The timeouts if they are in range, else the defaults. */
    public static TimeoutSpec timeouts(TimeoutSpec wanted, List<SpecProblem> problems) {
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
            problem(problems, "timeouts", wanted + " are not all positive; the defaults hold");
        }
        return fine ? wanted : TimeoutSpec.defaults();
    }

    private static void problem(List<SpecProblem> problems, String object, String message) {
        problems.add(new SpecProblem(object, message, false));
    }
}
