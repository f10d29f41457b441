package io.scrimplb.proxy;

import io.scrimplb.proxy.spec.BalancePolicy;
import io.scrimplb.proxy.spec.EndpointSpec;
import io.scrimplb.proxy.spec.HttpListenerSpec;
import io.scrimplb.proxy.spec.LimitSpec;
import io.scrimplb.proxy.spec.ListenerSpec;
import io.scrimplb.proxy.spec.ProxySpec;
import io.scrimplb.proxy.spec.RouteSpec;
import io.scrimplb.proxy.spec.TcpListenerSpec;
import io.scrimplb.proxy.spec.TimeoutSpec;
import io.scrimplb.proxy.spec.UpstreamSpec;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * A sequence of specs, each a few random changes away from the one before: objects come, go, change, move, appear twice, are
 * not valid, name what is not there.
 */
final class RandomSpecs {
    private static final List<String> HOSTS =
            List.of("a.test", "b.test", "x.a.test", "*.test", "A.Test", "*.a.test", "*", "*.b.test");
    private static final List<String> BAD_HOSTS = List.of("not a host", "-", "");
    private static final List<String> PATHS = List.of("/", "/p", "/p/", "/p/q", "/q", "/p/q/r");
    private static final List<String> BAD_PATHS = List.of("/../x", "p", "");
    private static final List<String> LISTENERS = List.of("web", "tls", "raw");
    private static final List<String> BAD_LISTENERS = List.of("nowhere", "");
    private static final List<String> UPSTREAMS = List.of("one", "two", "three", "four");
    private static final List<String> BAD_UPSTREAMS = List.of("none", "");

    static final List<String> REQUEST_HOSTS =
            List.of("a.test", "B.test", "x.a.test", "y.x.a.test", "c.test", "x.b.test", "other", ".test", "");
    static final List<String> REQUEST_PATHS = List.of("/", "/p", "/p/", "/p/q", "/p/q/r/s", "/q/x", "/pq");

    private final Random random;
    private final List<ListenerSpec> listeners = new ArrayList<>();
    private final List<RouteSpec> routes = new ArrayList<>();
    private final List<UpstreamSpec> upstreams = new ArrayList<>();
    private LimitSpec limits = LimitSpec.defaults();
    private long revision;

    RandomSpecs(Random random) {
        this.random = random;
        listeners.add(listener("web"));
        for (int i = 0; i < 20; i++) {
            change();
        }
    }

    ProxySpec next() {
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            change();
        }
        return new ProxySpec(++revision, listeners, routes, upstreams, limits, TimeoutSpec.defaults(), List.of());
    }

    private void change() {
        switch (random.nextInt(17)) {
            case 0, 1, 2, 3 -> put(routes, route(), route -> route.host() + route.pathPrefix() + route.listener());
            case 4, 5 -> remove(routes, 12);
            case 6 -> Collections.shuffle(routes, random);
            case 7 -> move(routes);
            case 8, 9, 10 -> put(upstreams, upstream(one(UPSTREAMS, BAD_UPSTREAMS)), UpstreamSpec::name);
            case 11 -> remove(upstreams, 4);
            case 12 -> move(upstreams);
            case 13 -> edit();
            case 14 -> {
                remove(listeners, 2);
                put(listeners, listener(one(LISTENERS, BAD_LISTENERS)), ListenerSpec::name);
                put(listeners, listener("web"), ListenerSpec::name);
            }
            case 15 -> mend();
            default -> limits = new LimitSpec(random.nextInt(5) == 0 ? 1 : 2048, 100, 1000);
        }
    }

    /** Begins anew with a spec in which nothing is wrong. */
    private void mend() {
        listeners.clear();
        listeners.add(new HttpListenerSpec("web", new InetSocketAddress("127.0.0.1", 7000)));
        listeners.add(new HttpListenerSpec("tls", new InetSocketAddress("127.0.0.1", 7001)));
        upstreams.clear();
        routes.clear();
        for (int i = 0; i < UPSTREAMS.size(); i++) {
            upstreams.add(upstream(UPSTREAMS.get(i)));
            routes.add(new RouteSpec("web", HOSTS.get(i), one(PATHS), UPSTREAMS.get(i)));
            routes.add(new RouteSpec("tls", HOSTS.get(i), one(PATHS), UPSTREAMS.get(i)));
        }
        limits = LimitSpec.defaults();
    }

    private <T> T one(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    /** One of the first list, now and then one of the second. */
    private String one(List<String> good, List<String> bad) {
        return one(random.nextInt(60) == 0 ? bad : good);
    }

    /** Inserts an element, mostly in place of those of the same identity, now and then beside them. */
    private <T> void put(List<T> list, T element, Function<T, String> identity) {
        if (random.nextInt(16) > 0) {
            list.removeIf(other -> identity.apply(other).equals(identity.apply(element)));
        }
        insert(list, element);
    }

    private <T> void insert(List<T> list, T element) {
        list.add(random.nextInt(list.size() + 1), element);
    }

    /** Removes one, or several when there are many. */
    private <T> void remove(List<T> list, int many) {
        for (int i = list.size() > many ? 1 + list.size() - many : 1; i > 0 && !list.isEmpty(); i--) {
            list.remove(random.nextInt(list.size()));
        }
    }

    private <T> void move(List<T> list) {
        if (!list.isEmpty()) {
            insert(list, list.remove(random.nextInt(list.size())));
        }
    }

    private void edit() {
        if (!upstreams.isEmpty()) {
            int at = random.nextInt(upstreams.size());
            upstreams.set(at, upstream(upstreams.get(at).name()));
        }
    }

    private ListenerSpec listener(String name) {
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", 7000 + random.nextInt(6));
        return name.equals("raw") || random.nextInt(8) == 0
                ? new TcpListenerSpec(name, address, one(UPSTREAMS, BAD_UPSTREAMS))
                : new HttpListenerSpec(name, address);
    }

    private RouteSpec route() {
        return new RouteSpec(
                random.nextInt(4) > 0 ? "web" : one(LISTENERS, BAD_LISTENERS),
                one(HOSTS, BAD_HOSTS),
                one(PATHS, BAD_PATHS),
                one(UPSTREAMS, BAD_UPSTREAMS));
    }

    private UpstreamSpec upstream(String name) {
        List<EndpointSpec> endpoints = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            // Two members may offer one address; a port of 0 and a weight of 0 are not valid.
            int port = random.nextInt(60) == 0 ? 0 : 8000 + random.nextInt(4);
            endpoints.add(new EndpointSpec(
                    "m" + random.nextInt(2),
                    new InetSocketAddress("127.0.0.1", port),
                    random.nextInt(60) == 0 ? 0 : 1 + random.nextInt(3),
                    random.nextBoolean()));
        }
        return new UpstreamSpec(name, one(List.of(BalancePolicy.values())), endpoints);
    }
}
