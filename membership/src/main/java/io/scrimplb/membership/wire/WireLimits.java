package io.scrimplb.membership.wire;

import java.util.regex.Pattern;

/** How much a member may say. A hundred applications with ten domains each are about 60 KiB. */
public final class WireLimits {
    /** One message, bytes of JSON. */
    public static final int MESSAGE_BYTES = 1024 * 1024;
    /** Objects within objects; a message has three levels. */
    public static final int DEPTH = 8;
    /** Content of a note between load balancers, characters, in pieces of a string each: a key, a chain of ten certificates of 4 kB, and base64 of both. */
    public static final int NOTE_CHARS = 64 * 1024;
    /** What a note can be about. */
    public static final Pattern TOPIC = Pattern.compile("[a-z-]{1,32}");
    /** One string, characters. */
    public static final int STRING_CHARS = 2048;
    /** One field name, characters. */
    public static final int FIELD_NAME_CHARS = 64;
    /** One number, characters; a long has 20. */
    public static final int NUMBER_CHARS = 24;
    /** Applications of one member. */
    public static final int APPLICATIONS = 500;
    /** Domains of one application. */
    public static final int DOMAINS = 100;
    /** Path prefixes of one application. */
    public static final int PATHS = 32;
    /** One path prefix, characters. */
    public static final int PATH_CHARS = 1024;
    /** One domain, characters (RFC 1035, 2.3.4). */
    public static final int DOMAIN_CHARS = 253;
    /** Certificates of the authorities that one application names, characters of PEM: some ten of them. */
    public static final int CA_CHARS = 16 * 1024;
    /** Strings that those are told in. */
    static final int CA_PIECES = CA_CHARS / STRING_CHARS;
    /** Domains, and port ranges, of one member's claims; a certificate has as many at most. */
    public static final int CLAIMS = 64;
    /** Room in a message for all but its applications, bytes: most of it for the claims of a knowledge message. */
    static final int ENVELOPE_BYTES = 20 * 1024;
    /** Problems reported for one message; the rest is only counted. */
    public static final int PROBLEMS = 10;

    private WireLimits() {}
}
