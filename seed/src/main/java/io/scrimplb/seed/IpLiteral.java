package io.scrimplb.seed;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads an address that is written out in digits, and never asks a name server. */
public final class IpLiteral {
    private static final Pattern IPV4 =
            Pattern.compile("(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(%[\\w.-]+)?");

    private IpLiteral() {}

    /** The address, or empty when the text is a name or nonsense. An IPv6 address may stand in brackets. */
    public static Optional<InetAddress> parse(String text) {
        String bare = withoutBrackets(text);
        if (!IPV4.matcher(bare).matches() && !IPV6.matcher(bare).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(bare));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** One spelling for each address, so that two spellings of one IPv6 address are one seed; a name in lower case. */
    static String canonical(String text) {
        String bare = withoutBrackets(text.strip());
        return bare.indexOf(':') < 0
                ? bare.toLowerCase(java.util.Locale.ROOT)
                : parse(bare).map(InetAddress::getHostAddress).orElse(bare);
    }

    static String withoutBrackets(String text) {
        return text.length() > 2 && text.startsWith("[") && text.endsWith("]")
                ? text.substring(1, text.length() - 1)
                : text;
    }
}
