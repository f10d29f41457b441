package io.scrimplb.seed.address;

import io.scrimplb.seed.Environment;
import io.scrimplb.seed.IpLiteral;
import java.net.InetAddress;
import java.util.Locale;

/**
 * Finds the address that this member publishes. Thread-safe; asks the machine anew each time and may block for a few
 * seconds ({@code ec2} only).
 */
public interface AddressResolver {
    /** The forms {@link #parse} knows, for messages and suggestions. */
    String FORMS = "auto, ipv4, ipv6, interface:NAME, static:ADDR, ec2, dummy";

    /**
     * The address as it is now.
     *
     * @throws AddressException when this machine has no such address now
     */
    InetAddress resolve() throws AddressException;

    /** The resolver of this name, in any case, with this process's environment. */
    static AddressResolver parse(String text) throws AddressException {
        return parse(text, Environment.system());
    }

    /**
     * The resolver of this name, in any case.
     *
     * @throws AddressException when there is no such resolver; the message lists those there are
     */
    static AddressResolver parse(String text, Environment environment) throws AddressException {
        String trimmed = text.strip();
        int colon = trimmed.indexOf(':');
        String kind = (colon < 0 ? trimmed : trimmed.substring(0, colon)).toLowerCase(Locale.ROOT);
        String argument = colon < 0 ? "" : trimmed.substring(colon + 1).strip();
        boolean argumentWanted = kind.equals("interface") || kind.equals("static");
        if (argumentWanted == argument.isEmpty()) {
            throw unknown(text);
        }
        LocalNetwork network = new LocalNetwork();
        return switch (kind) {
            case "auto" -> network::auto;
            case "ipv4" -> network::ipv4;
            case "ipv6" -> network::ipv6;
            case "interface" -> () -> network.ofInterface(argument);
            case "static" -> fixed(argument);
            case "ec2" -> new Ec2Resolver(environment);
            case "dummy" -> fixed("127.0.0.1");
            default -> throw unknown(text);
        };
    }

    private static AddressResolver fixed(String literal) throws AddressException {
        InetAddress address = IpLiteral.parse(literal)
                .orElseThrow(() -> new AddressException(
                        "resolver static:" + literal + " needs an IPv4 or IPv6 address, like static:203.0.113.7"));
        return () -> address;
    }

    private static AddressException unknown(String text) {
        return new AddressException("unknown resolver '" + text + "': use one of " + FORMS);
    }
}
