package io.scrimplb.app.registry;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a member's application is reached. Only literals: the control thread must never wait for a name server. And only
 * what a member may send this load balancer's clients to: an address that means 'myself' to whoever connects, or that no
 * other host can own, would turn the load balancer against its own host (CWE-918, server-side request forgery).
 */
final class TargetAddress {
    private static final Pattern IPV4 =
            Pattern.compile("(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(%[A-Za-z0-9._-]+)?");

    private TargetAddress() {}

    /**
     * What came of it: one of the two is there.
     *
     * @param address null when it is refused
     * @param refusal why, to stand behind "the address of NAME "
     */
    record Verdict(
            @Nullable InetSocketAddress address, @Nullable String refusal) {
        static Verdict refused(String why) {
            return new Verdict(null, why);
        }
    }

    /** The advertised address if there is one, else the member's own. */
    static Verdict of(InetSocketAddress memberAddress, @Nullable String advertised, int port, OwnAddresses own) {
        InetAddress memberHost = memberAddress.getAddress();
        InetAddress host = advertised == null ? memberHost : literal(advertised);
        if (host == null) {
            return Verdict.refused("is not an IP address");
        }
        if (port < 1 || port > 65_535) {
            return Verdict.refused("has port " + port + ", which does not exist");
        }
        String shown = host.getHostAddress();
        if (host.isLinkLocalAddress()) {
            // 169.254/16 holds the metadata services of clouds; fe80::/10 means another host on each link.
            return Verdict.refused("is " + shown + ", which is link-local");
        }
        if (host.isAnyLocalAddress() || host.isMulticastAddress()) {
            return Verdict.refused("is " + shown + ", which is no host's address");
        }
        if (host.isLoopbackAddress() && (memberHost == null || !memberHost.isLoopbackAddress())) {
            return Verdict.refused("is " + shown + ", which is this load balancer's own host and not the backend's");
        }
        InetSocketAddress target = new InetSocketAddress(host, port);
        if (own.forbids(target)) {
            return Verdict.refused("is " + shown + " and its port " + port
                    + ", where this load balancer's admin address or cluster port is");
        }
        return new Verdict(target, null);
    }

    private static @Nullable InetAddress literal(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        String bare = bracketed ? text.substring(1, text.length() - 1) : text;
        if (!IPV4.matcher(bare).matches() && !IPV6.matcher(bare).matches()) {
            return null;
        }
        try {
            return InetAddress.getByName(bare);
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
