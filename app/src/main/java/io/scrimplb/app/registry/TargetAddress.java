package io.scrimplb.app.registry;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a member's application is reached. Only literals: the control thread must never wait for a name server. */
final class TargetAddress {
    private static final Pattern IPV4 =
            Pattern.compile("(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(%[A-Za-z0-9._-]+)?");

    private TargetAddress() {}

    /**
     * The advertised address if there is one, else the member's own.
     *
     * @return null when that is a name or the port does not exist
     */
    static @Nullable InetSocketAddress of(InetSocketAddress memberAddress, @Nullable String advertised, int port) {
        InetAddress address = advertised == null ? memberAddress.getAddress() : literal(advertised);
        return address == null || port < 1 || port > 65_535 ? null : new InetSocketAddress(address, port);
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
