package io.scrimplb.app.registry;

import io.scrimplb.app.certificates.PemException;
import io.scrimplb.membership.Application;
import io.scrimplb.membership.ApplicationOptions;
import io.scrimplb.membership.ApplicationProtocol;
import io.scrimplb.membership.Claims;
import io.scrimplb.membership.PortRange;
import io.scrimplb.proxy.spec.BalancePolicy;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides what of an application's wishes it may have. What comes in was written by others: whatever is not a proper
 * name, domain or path is refused here, whoever let it through before, so that it never reaches a spec, a label or a
 * log line.
 */
final class ClaimRules {
    /** Domains times paths of one application; more are left out. Bounds the routes that one small message can make. */
    static final int MAX_CLAIMS = 2_000;
    /** Names that one message spells out; the rest is a number. */
    private static final int MAX_LISTED = 3;

    private static final int MIN_WEIGHT = 1;
    private static final int MAX_WEIGHT = 1_000;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern DOMAIN = Pattern.compile(
            "\\*|(?=.{1,253}$)(\\*\\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*"
                    + "|\\[[0-9a-f:.]{2,45}]");
    private static final Pattern PATH = Pattern.compile("/[\\x21-\\x7e]{0,1023}");

    private final ClaimPolicy policy;

    ClaimRules(ClaimPolicy policy) {
        this.policy = policy;
    }

    static boolean properName(String name) {
        return NAME.matcher(name).matches();
    }

    /**
     * What a member offers, held against what the operator allows.
     *
     * @param limits what the member's certificate allows beside that
     */
    Offer announced(String source, Application application, TargetAddress.Verdict verdict, Claims limits) {
        List<String> refusals = new ArrayList<>();
        InetSocketAddress target = verdict.address();
        Optional<OriginTerms> origin = origin(source, application.options(), refusals);
        Wish wish = new Wish(application.listenPort(), application.domains(), application.paths(), false, limits);
        if (target == null) {
            refusals.add("the address of " + source + " " + verdict.refusal()
                    + "; its endpoint is left out, mend advertise-address or application-port there");
        }
        return offer(
                source,
                application.protocol(),
                target == null || origin.isEmpty() ? List.of() : List.of(target),
                wish,
                new Offer.Terms(
                        weight(application.weight()),
                        balance(source, application.balance(), refusals),
                        application.version(),
                        origin.orElse(OriginTerms.DEFAULT)),
                refusals);
    }

    /** What the operator's file says; it needs no permission, but has to be proper all the same. */
    Offer fromFile(StaticApplication application) {
        List<String> refusals = new ArrayList<>();
        List<InetSocketAddress> targets = new ArrayList<>();
        for (InetSocketAddress address : new LinkedHashSet<>(application.addresses())) {
            if (address.isUnresolved()) {
                refusals.add("static-backends: " + printable(address.getHostString())
                        + " could not be resolved; that endpoint is left out");
            } else {
                targets.add(address);
            }
        }
        Optional<OriginTerms> origin = origin("static-backends", application.options(), refusals);
        return offer(
                Offer.STATIC,
                application.protocol(),
                origin.isEmpty() ? List.of() : targets,
                new Wish(application.listenPort(), application.domains(), application.paths(), true, Claims.UNLIMITED),
                new Offer.Terms(weight(application.weight()), null, null, origin.orElse(OriginTerms.DEFAULT)),
                refusals);
    }

    /** Empty when it names authorities that cannot be read: without them anybody's would be believed. */
    private static Optional<OriginTerms> origin(String source, ApplicationOptions options, List<String> refusals) {
        try {
            return Optional.of(OriginTerms.of(options));
        } catch (PemException e) {
            refusals.add(source + " names a ca for backend-tls that " + e.getMessage()
                    + "; its endpoint is left out, mend that file there");
            return Optional.empty();
        }
    }

    private static int weight(int wanted) {
        return Math.max(MIN_WEIGHT, Math.min(MAX_WEIGHT, wanted));
    }

    /**
     * @param permitted whether it needs no permission of the operator
     * @param limits of the member's join token
     */
    private record Wish(
            @Nullable Integer listenPort, List<String> domains, List<String> paths, boolean permitted, Claims limits) {}

    private Offer offer(
            String source,
            ApplicationProtocol protocol,
            List<InetSocketAddress> targets,
            Wish wish,
            Offer.Terms terms,
            List<String> refusals) {
        boolean secret = protocol == ApplicationProtocol.TLS;
        // Whoever encrypts for itself means the https port, whatever else there is.
        int defaultPort = secret ? policy.tls().httpsPort() : policy.defaultListenPort();
        int asked = wish.listenPort() == null ? defaultPort : wish.listenPort();
        // Every request to the redirect port is sent to https: there it is met, or nowhere.
        boolean moved = protocol != ApplicationProtocol.TCP && policy.tls().redirects(asked);
        int port = moved ? policy.tls().httpsPort() : asked;
        boolean usable = !secret || !wish.domains().isEmpty();
        Set<Claim> claims = Set.of();
        if (!usable) {
            refusals.add(source + " offers it as tls without domains, by whose names its connections would be told from"
                    + " others; it is left out");
        } else if (port < 0 || port > 65_535) {
            refusals.add(source + " asks for port " + port + ", which does not exist");
        } else if (!wish.permitted() && !policy.allowsPort(port)) {
            refusals.add(source + asks(wish, asked, port)
                    + ", which is not in allowed-listen-ports of this load balancer; it is not opened");
        } else if (!wish.limits().allowsPort(port)) {
            refusals.add(source + asks(wish, asked, port) + ", which its join token does not allow ("
                    + listed(wish.limits().ports().stream()
                            .map(PortRange::toString)
                            .toList())
                    + "); it is not opened");
        } else if (protocol == ApplicationProtocol.TCP) {
            claims = tcpClaims(source, port, wish.limits(), refusals);
        } else if (secret) {
            claims = tlsClaims(port, hosts(source, wish, refusals));
        } else {
            claims = httpClaims(source, port, wish, refusals);
        }
        return new Offer(
                source, protocol, usable, List.copyOf(targets), claims, wish.limits(), terms, List.copyOf(refusals));
    }

    private static String asks(Wish wish, int asked, int port) {
        if (asked != port) {
            return " asks for port " + asked + ", which only redirects to https, and would be reached at port " + port;
        }
        return (wish.listenPort() == null ? " gets the default port " : " asks for port ") + port;
    }

    private static Set<Claim> tlsClaims(int port, Set<String> hosts) {
        Set<Claim> claims = new LinkedHashSet<>();
        hosts.forEach(host -> claims.add(new Claim.Tls(port, host)));
        return claims;
    }

    private static Set<Claim> tcpClaims(String source, int port, Claims limits, List<String> refusals) {
        Claim claim = new Claim.Tcp(port);
        if (claim.within(limits)) {
            return Set.of(claim);
        }
        refusals.add(source + " offers it as tcp, which answers for any host, and its join token allows only "
                + listed(limits.domains()) + "; port " + port + " is not opened");
        return Set.of();
    }

    /** The hosts that it may have of those it asks for. */
    private Set<String> hosts(String source, Wish wish, List<String> refusals) {
        Set<String> hosts = new LinkedHashSet<>();
        List<String> malformed = new ArrayList<>();
        List<String> forbidden = new ArrayList<>();
        List<String> beyondToken = new ArrayList<>();
        for (String domain : wish.domains().isEmpty() ? List.of("*") : wish.domains()) {
            String host = domain.toLowerCase(Locale.ROOT);
            host = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
            if (host.length() > 255 || !DOMAIN.matcher(host).matches()) {
                malformed.add(domain);
            } else if (!wish.permitted() && !policy.allowsDomain(host)) {
                forbidden.add(called(host));
            } else if (!wish.limits().allowsDomain(host)) {
                beyondToken.add(called(host));
            } else {
                hosts.add(host);
            }
        }
        if (!malformed.isEmpty()) {
            refusals.add(source + " claims what is no domain: " + listed(malformed));
        }
        if (!forbidden.isEmpty()) {
            refusals.add(source + " claims " + listed(forbidden)
                    + ", not in allowed-domains of this load balancer; not routed");
        }
        if (!beyondToken.isEmpty()) {
            refusals.add(source + " claims " + listed(beyondToken) + ", which its join token does not allow ("
                    + listed(wish.limits().domains()) + "); not routed");
        }
        return hosts;
    }

    private Set<Claim> httpClaims(String source, int port, Wish wish, List<String> refusals) {
        Set<String> hosts = hosts(source, wish, refusals);
        Set<String> paths = new LinkedHashSet<>();
        List<String> malformed = new ArrayList<>();
        for (String path : wish.paths().isEmpty() ? List.of("/") : wish.paths()) {
            if (PATH.matcher(path).matches()) {
                paths.add(withoutTrailingSlash(path));
            } else {
                malformed.add(path);
            }
        }
        if (!malformed.isEmpty()) {
            refusals.add(source + " claims what is no path: " + listed(malformed));
        }
        Set<Claim> claims = new LinkedHashSet<>();
        for (String host : hosts) {
            for (String path : paths) {
                if (claims.size() == MAX_CLAIMS) {
                    refusals.add(source + " claims more than " + MAX_CLAIMS
                            + " pairs of domain and path; the rest is left out");
                    return claims;
                }
                claims.add(new Claim.Http(port, host, path));
            }
        }
        return claims;
    }

    private static String called(String host) {
        return host.equals(Claims.ANY_DOMAIN) ? "'any host'" : host;
    }

    /** A prefix matches whole segments, so that {@code /api/} and {@code /api} are the same claim. */
    private static String withoutTrailingSlash(String path) {
        int end = path.length();
        while (end > 1 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(0, end);
    }

    private static @Nullable BalancePolicy balance(String source, @Nullable String name, List<String> refusals) {
        if (name == null) {
            return null;
        }
        Optional<BalancePolicy> policy = parse(name);
        if (policy.isEmpty()) {
            refusals.add(source + " asks for the unknown balance policy " + printable(name)
                    + "; this load balancer's default is used (known: p2c, round-robin)");
        }
        return policy.orElse(null);
    }

    private static Optional<BalancePolicy> parse(String name) {
        return switch (name.toLowerCase(Locale.ROOT).replace('_', '-')) {
            case "p2c" -> Optional.of(BalancePolicy.P2C);
            case "round-robin" -> Optional.of(BalancePolicy.ROUND_ROBIN);
            default -> Optional.empty();
        };
    }

    private static String listed(List<String> names) {
        StringBuilder text = new StringBuilder();
        for (String name : names.subList(0, Math.min(MAX_LISTED, names.size()))) {
            text.append(text.isEmpty() ? "" : ", ").append(printable(name));
        }
        int rest = names.size() - MAX_LISTED;
        return rest > 0 ? text + " and " + rest + " more" : text.toString();
    }

    /** A stranger's text as it may stand in a log line: short, and nothing in it but visible ASCII. */
    static String printable(String text) {
        StringBuilder clean = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), 64); i++) {
            char c = text.charAt(i);
            clean.append(c >= ' ' && c < 0x7f ? c : '?');
        }
        return text.length() > 64 ? clean + "…" : clean.toString();
    }
}
