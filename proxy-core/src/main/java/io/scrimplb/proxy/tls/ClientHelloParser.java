package io.scrimplb.proxy.tls;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Takes a whole ClientHello apart. Every length is held against what is there, and every part has to end where its length says.
 * An extension that is read here and comes twice is refused (RFC 8446, 4.2): another program could take the other one.
 */
final class ClientHelloParser {
    private static final int RANDOM_BYTES = 32;
    private static final int MAX_SESSION_ID_BYTES = 32;
    private static final int TLS13 = 0x0304;

    private static final int SERVER_NAME = 0;
    private static final int SUPPORTED_GROUPS = 10;
    private static final int SIGNATURE_ALGORITHMS = 13;
    private static final int APPLICATION_PROTOCOLS = 16;
    private static final int SUPPORTED_VERSIONS = 43;

    private static final int HOST_NAME = 0;
    /** A name of the DNS (RFC 1035, 2.3.4), with a trailing dot. */
    private static final int MAX_NAME_BYTES = 254;

    private final byte[] bytes;
    private int at;
    private @Nullable String serverName;
    private List<String> protocols = List.of();
    private List<Integer> signatureSchemes = List.of();
    private List<Integer> groups = List.of();
    private boolean version13;
    private int seen;

    private ClientHelloParser(byte[] bytes, int from) {
        this.bytes = bytes;
        this.at = from;
    }

    /** Thrown within this class only, without a trace: strangers bring it about. */
    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed() {
            super(null, null, false, false);
        }
    }

    /**
     * @param message ends where the bytes end
     * @param from where the body begins, behind the type and the length
     * @return null when it breaks the rules
     */
    static @Nullable ClientHello parse(byte[] message, int from) {
        try {
            return new ClientHelloParser(message, from).message();
        } catch (Malformed e) {
            return null;
        }
    }

    private ClientHello message() throws Malformed {
        int end = bytes.length;
        // The version that counts, where TLS 1.3 is offered, is in an extension.
        number(2, end);
        skip(RANDOM_BYTES, end);
        int sessionId = number(1, end);
        if (sessionId > MAX_SESSION_ID_BYTES) {
            throw new Malformed();
        }
        skip(sessionId, end);
        List<Integer> suites = numbers(part(2, end));
        int methods = part(1, end);
        if (methods == at) {
            throw new Malformed();
        }
        at = methods;
        if (at < end) {
            // Clients before RFC 3546 end here.
            int extensions = part(2, end);
            if (extensions != end) {
                throw new Malformed();
            }
            while (at < end) {
                int type = number(2, end);
                int extensionEnd = part(2, end);
                extension(type, extensionEnd);
                at = extensionEnd;
            }
        }
        return new ClientHello(serverName, protocols, version13, suites, signatureSchemes, groups);
    }

    private void extension(int type, int end) throws Malformed {
        switch (type) {
            case SERVER_NAME -> {
                once(1);
                serverName = serverName(end);
            }
            case SUPPORTED_GROUPS -> {
                once(2);
                groups = numbers(whole(2, end));
            }
            case SIGNATURE_ALGORITHMS -> {
                once(4);
                signatureSchemes = numbers(whole(2, end));
            }
            case APPLICATION_PROTOCOLS -> {
                once(8);
                protocols = protocols(whole(2, end));
            }
            case SUPPORTED_VERSIONS -> {
                once(16);
                version13 = numbers(whole(1, end)).contains(TLS13);
            }
            default -> {}
        }
    }

    private void once(int bit) throws Malformed {
        if ((seen & bit) != 0) {
            throw new Malformed();
        }
        seen |= bit;
    }

    /** RFC 6066, 3: one entry, since there is one kind of name and each may come once. */
    private @Nullable String serverName(int end) throws Malformed {
        int list = whole(2, end);
        if (number(1, list) != HOST_NAME) {
            throw new Malformed();
        }
        int name = part(2, list);
        if (name != list || name == at) {
            throw new Malformed();
        }
        return hostName(new String(bytes, at, name - at, StandardCharsets.ISO_8859_1));
    }

    private static @Nullable String hostName(String named) {
        if (named.length() > MAX_NAME_BYTES) {
            return null;
        }
        String name = named.endsWith(".") ? named.substring(0, named.length() - 1) : named;
        boolean letters = false;
        char before = '.';
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '_';
            if (!letter && !(c >= '0' && c <= '9') && !(c == '.' && before != '.')) {
                return null;
            }
            letters |= letter;
            before = c;
        }
        // No top-level domain is a number: what holds only digits and dots is an address, or nothing.
        return letters && before != '.' ? name.toLowerCase(Locale.ROOT) : null;
    }

    private List<String> protocols(int end) throws Malformed {
        List<String> names = new ArrayList<>();
        while (at < end) {
            int name = part(1, end);
            if (name == at) {
                throw new Malformed();
            }
            names.add(new String(bytes, at, name - at, StandardCharsets.ISO_8859_1));
            at = name;
        }
        if (names.isEmpty()) {
            throw new Malformed();
        }
        return List.copyOf(names);
    }

    /** Numbers of two bytes, at least one, up to where they have to end. */
    private List<Integer> numbers(int end) throws Malformed {
        if (at == end || (end - at) % 2 != 0) {
            throw new Malformed();
        }
        List<Integer> list = new ArrayList<>((end - at) / 2);
        while (at < end) {
            list.add(number(2, end));
        }
        return List.copyOf(list);
    }

    /** Reads a length; what it counts has to fill the rest. */
    private int whole(int lengthBytes, int end) throws Malformed {
        if (part(lengthBytes, end) != end) {
            throw new Malformed();
        }
        return end;
    }

    /** Reads a length and tells where what it counts ends. */
    private int part(int lengthBytes, int end) throws Malformed {
        int length = number(lengthBytes, end);
        if (length > end - at) {
            throw new Malformed();
        }
        return at + length;
    }

    private int number(int count, int end) throws Malformed {
        if (end - at < count) {
            throw new Malformed();
        }
        int value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 8 | bytes[at++] & 0xff;
        }
        return value;
    }

    private void skip(int count, int end) throws Malformed {
        if (end - at < count) {
            throw new Malformed();
        }
        at += count;
    }
}
