package io.scrimplb.proxy;

import io.scrimplb.proxy.spec.BalancePolicy;
import io.scrimplb.proxy.spec.EndpointSpec;
import io.scrimplb.proxy.spec.HttpListenerSpec;
import io.scrimplb.proxy.spec.LimitSpec;
import io.scrimplb.proxy.spec.ListenerSpec;
import io.scrimplb.proxy.spec.ProxySpec;
import io.scrimplb.proxy.spec.RouteSpec;
import io.scrimplb.proxy.spec.TimeoutSpec;
import io.scrimplb.proxy.spec.UpstreamSpec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The spec of many applications at one listener, each with a domain of its own, two wildcards, a path and some endpoints,
 * ten unless told otherwise, and the same spec with one application changed.
 */
public final class ManyApplications {
    static final String LISTENER = "web";
    static final int ENDPOINTS_EACH = 10;
    static final int ROUTES_EACH = 4;

    private static final ListenerSpec WEB =
            new HttpListenerSpec(LISTENER, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

    private final List<UpstreamSpec> upstreams = new ArrayList<>();
    private final List<RouteSpec> routes = new ArrayList<>();
    private long revision = 1;

    private final int endpointsEach;

    public ManyApplications(int count) {
        this(count, ENDPOINTS_EACH);
    }

    public ManyApplications(int count, int endpointsEach) {
        this.endpointsEach = endpointsEach;
        for (int i = 0; i < count; i++) {
            upstreams.add(upstream(i, 100));
            routes.addAll(routes(i));
        }
    }

    public static String name(int application) {
        return String.format(Locale.ROOT, "app-%05d", application);
    }

    /** The host that belongs to that application alone. */
    public static String domain(int application) {
        return name(application) + ".example.com";
    }

    private UpstreamSpec upstream(int application, int weight) {
        List<EndpointSpec> endpoints = new ArrayList<>();
        for (int i = 0; i < endpointsEach; i++) {
            endpoints.add(new EndpointSpec("member-" + i, address(application * endpointsEach + i), weight, false));
        }
        return new UpstreamSpec(name(application), BalancePolicy.P2C, endpoints);
    }

    private static InetSocketAddress address(int number) {
        try {
            byte[] address = {10, (byte) (number >> 16), (byte) (number >> 8), (byte) number};
            return new InetSocketAddress(InetAddress.getByAddress(address), 8080);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<RouteSpec> routes(int application) {
        String name = name(application);
        return List.of(
                new RouteSpec(LISTENER, domain(application), "/", name),
                new RouteSpec(LISTENER, domain(application), "/api", name),
                new RouteSpec(LISTENER, "*." + domain(application), "/", name),
                new RouteSpec(LISTENER, "*." + name + ".example.org", "/", name));
    }

    /** Gives the endpoints of one application another weight. */
    public void change(int application) {
        int weight = upstreams.get(application).endpoints().get(0).weight();
        upstreams.set(application, upstream(application, weight % 1000 + 1));
    }

    /** Takes one application out with its routes; it can be put in again. */
    public void remove(int application) {
        String name = name(application);
        upstreams.removeIf(upstream -> upstream.name().equals(name));
        routes.removeIf(route -> route.upstream().equals(name));
    }

    /** Puts in, last, an application that is not there. */
    public void add(int application) {
        upstreams.add(upstream(application, 100));
        routes.addAll(routes(application));
    }

    /** The spec as it is now; what has not changed is the same objects as before. */
    public ProxySpec spec() {
        return new ProxySpec(
                revision++, List.of(WEB), routes, upstreams, LimitSpec.defaults(), TimeoutSpec.defaults(), List.of());
    }

    /** The spec as it is now, every object of it new. */
    public ProxySpec newlyMadeSpec() {
        List<RouteSpec> newRoutes = new ArrayList<>();
        for (RouteSpec route : routes) {
            newRoutes.add(new RouteSpec(
                    new String(route.listener()),
                    new String(route.host()),
                    new String(route.pathPrefix()),
                    new String(route.upstream())));
        }
        List<UpstreamSpec> newUpstreams = new ArrayList<>();
        for (UpstreamSpec upstream : upstreams) {
            List<EndpointSpec> endpoints = new ArrayList<>();
            for (EndpointSpec endpoint : upstream.endpoints()) {
                InetSocketAddress address = endpoint.address();
                endpoints.add(new EndpointSpec(
                        new String(endpoint.member()),
                        new InetSocketAddress(address.getAddress(), address.getPort()),
                        endpoint.weight(),
                        endpoint.suspected()));
            }
            newUpstreams.add(new UpstreamSpec(new String(upstream.name()), upstream.policy(), endpoints));
        }
        return new ProxySpec(
                revision++,
                List.of(WEB),
                newRoutes,
                newUpstreams,
                LimitSpec.defaults(),
                TimeoutSpec.defaults(),
                List.of());
    }
}
