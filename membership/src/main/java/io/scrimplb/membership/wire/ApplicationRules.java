package io.scrimplb.membership.wire;

import io.scrimplb.membership.Application;
import io.scrimplb.membership.ApplicationOptions;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an application must be like before anybody acts on it; see {@link Application} for the words. */
public final class ApplicationRules {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern LABEL = Pattern.compile("[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?");
    /** Printable ASCII without blank, {@code ?} and {@code #}: what can stand in the path of a request line. */
    private static final Pattern PATH = Pattern.compile("/[\\x21-\\x22\\x24-\\x3e\\x40-\\x7e]*");

    private static final Pattern VERSION = Pattern.compile("[\\x20-\\x7e]{1,64}");
    private static final Pattern POLICY = Pattern.compile("[A-Za-z0-9_-]{1,32}");
    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9._:%-]{1,253}");
    private static final Pattern PEM = Pattern.compile("[\\x20-\\x7e\\r\\n\\t]{1," + WireLimits.CA_CHARS + "}");
    /** Ten years: more is a slip. */
    private static final long MAX_HSTS_SECONDS = 10L * 365 * 24 * 3600;

    private static final int MAX_PORT = 65_535;
    private static final int MAX_WEIGHT = 1000;

    private ApplicationRules() {}

    /** Whether a string can name an application. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Whether a string can be the address of a member's applications: an address literal or a host name. */
    static boolean isAddress(String address) {
        return ADDRESS.matcher(address).matches();
    }

    /** The first rule that is broken, as the end of a sentence; empty when none is. */
    public static Optional<String> broken(Application application) {
        if (!isName(application.name())) {
            return Optional.of("its name must be 1 to 64 letters, digits, '.', '_' or '-'");
        }
        Integer listenPort = application.listenPort();
        if (listenPort != null && !isPort(listenPort)) {
            return Optional.of("listen-port " + listenPort + " is not between 1 and " + MAX_PORT);
        }
        if (!isPort(application.applicationPort())) {
            return Optional.of(
                    "application-port " + application.applicationPort() + " is not between 1 and " + MAX_PORT);
        }
        if (application.weight() < 1 || application.weight() > MAX_WEIGHT) {
            return Optional.of("weight " + application.weight() + " is not between 1 and " + MAX_WEIGHT);
        }
        Optional<String> domains = brokenDomains(application.domains());
        if (domains.isPresent()) {
            return domains;
        }
        Optional<String> paths = brokenPaths(application.paths());
        if (paths.isPresent()) {
            return paths;
        }
        if (unlike(VERSION, application.version())) {
            return Optional.of("version must be 1 to 64 printable characters");
        }
        if (unlike(POLICY, application.balance())) {
            return Optional.of("balance is not the name of a policy");
        }
        return brokenOptions(application.options());
    }

    private static Optional<String> brokenOptions(ApplicationOptions options) {
        ApplicationOptions.BackendTls tls = options.backendTls();
        if (tls != null) {
            if (tls.insecure() && tls.ca() != null) {
                return Optional.of("insecure stands there together with ca, which it would ignore");
            }
            if (tls.serverName() != null && (tls.serverName().startsWith("*") || !isDomain(tls.serverName()))) {
                return Optional.of("server-name is not a lower-case host name");
            }
            if (unlike(PEM, tls.ca())) {
                return Optional.of("ca is not 1 to " + WireLimits.CA_CHARS + " characters of PEM");
            }
        }
        ApplicationOptions.Hsts hsts = options.hsts();
        if (hsts != null && (hsts.maxAgeSeconds() < 0 || hsts.maxAgeSeconds() > MAX_HSTS_SECONDS)) {
            return Optional.of("max-age of hsts is not between 0 and " + MAX_HSTS_SECONDS + " seconds");
        }
        return Optional.empty();
    }

    private static Optional<String> brokenDomains(List<String> domains) {
        if (domains.size() > WireLimits.DOMAINS) {
            return Optional.of("it has " + domains.size() + " domains, more than " + WireLimits.DOMAINS);
        }
        for (String domain : domains) {
            if (!isDomain(domain)) {
                return Optional.of("domain '" + printable(domain) + "' is not a lower-case host name");
            }
        }
        return new HashSet<>(domains).size() == domains.size()
                ? Optional.empty()
                : Optional.of("a domain stands there twice");
    }

    private static Optional<String> brokenPaths(List<String> paths) {
        if (paths.isEmpty() || paths.size() > WireLimits.PATHS) {
            return Optional.of("it has " + paths.size() + " paths, not between 1 and " + WireLimits.PATHS);
        }
        for (String path : paths) {
            if (path.length() > WireLimits.PATH_CHARS || !PATH.matcher(path).matches()) {
                return Optional.of("path '" + printable(path) + "' is not a path that starts with '/'");
            }
        }
        return Optional.empty();
    }

    /** Whether a string is a host name in lower case, or one behind {@code *.}. */
    static boolean isDomain(String domain) {
        if (domain.length() > WireLimits.DOMAIN_CHARS) {
            return false;
        }
        String host = domain.startsWith("*.") ? domain.substring(2) : domain;
        for (String label : host.split("\\.", -1)) {
            if (!LABEL.matcher(label).matches()) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPort(int port) {
        return port >= 1 && port <= MAX_PORT;
    }

    private static boolean unlike(Pattern pattern, @Nullable String value) {
        return value != null && !pattern.matcher(value).matches();
    }

    /** A stranger's string made fit for one line of a log. */
    static String printable(String text) {
        String cut = text.length() > 64 ? text.substring(0, 64) + "…" : text;
        return cut.replaceAll("[^\\x20-\\x7e…]", "?");
    }
}
