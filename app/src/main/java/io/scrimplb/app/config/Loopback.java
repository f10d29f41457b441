package io.scrimplb.app.config;

import java.util.Locale;

/** Tells by its spelling alone, without a name server, whether a host is this machine and nobody else's. */
final class Loopback {
    private Loopback() {}

    static boolean is(String host) {
        if (host.toLowerCase(Locale.ROOT).equals("localhost")) {
            return true;
        }
        try {
            return NetworkTypes.ADDRESS.parser().parse(host).isLoopbackAddress();
        } catch (BadValueException aName) {
            return false;
        }
    }
}
