package io.scrimplb.app.cli;

import io.scrimplb.app.config.HostPort;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.util.Optional;

/** Asks an admin address of this machine for {@code /readyz}. The old client of the JDK starts faster than the new. */
final class ReadinessProbe {
    /** Both to connect and to answer; a container platform gives the whole command some seconds. */
    private static final int TIMEOUT_MILLIS = 2_000;

    private final Optional<String> token;

    ReadinessProbe(Optional<String> token) {
        this.token = token;
    }

    /**
     * What came of it.
     *
     * @param answered whether anybody was there
     * @param line one line for people
     */
    record Answer(boolean answered, boolean ready, String line) {}

    Answer ask(HostPort address) {
        HostPort target = new HostPort(local(address.host()), address.port());
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://" + target + "/readyz").toURL().openConnection(Proxy.NO_PROXY);
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            connection.setInstanceFollowRedirects(false);
            token.ifPresent(secret -> connection.setRequestProperty("Authorization", "Bearer " + secret));
            int status = connection.getResponseCode();
            connection.disconnect();
            return status == HttpURLConnection.HTTP_OK
                    ? new Answer(true, true, "ready: " + target)
                    : new Answer(true, false, "not ready: " + target + " answers " + status);
        } catch (IOException failed) {
            return new Answer(false, false, "not ready: " + target + " does not answer (" + OneLine.of(failed) + ")");
        }
    }

    /** Whoever listens on every address is reached on loopback. */
    private static String local(String host) {
        return switch (host) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::" -> "::1";
            default -> host;
        };
    }
}
