package io.scrimplb.app.acme;

import io.scrimplb.app.certificates.EcKeys;
import io.scrimplb.app.config.AcmeConfig;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the operator decided about automatic certificates.
 *
 * @param email where the authority writes to
 * @param directory of the authority (RFC 8555, 7.1.1)
 * @param authorityRoots PEM file of the roots by which the authority itself is known; empty for those of the public
 * @param dnsHook program that publishes records in DNS; empty for none
 * @param challenge how to prove
 * @param check whether to look, before an order, if the name leads here and is answered
 * @param httpPort port at which the authority comes for HTTP-01; 80 for all but private ones
 * @param state where the account, the certificates and the ledger are kept
 */
public record AcmeSettings(
        String email,
        URI directory,
        Optional<Path> authorityRoots,
        Optional<Path> dnsHook,
        AcmeConfig.Challenge challenge,
        boolean check,
        int httpPort,
        Path state) {
    /** Let's Encrypt. */
    public static final URI DEFAULT_DIRECTORY = URI.create("https://acme-v02.api.letsencrypt.org/directory");

    /**
     * Where state belongs when nobody says: the service manager's directory, the system's, or the user's.
     *
     * @param environment of the process
     */
    public static Path usualState(Map<String, String> environment, Path systems) {
        return StateDirectory.usual(environment, systems);
    }

    /** Whether the authority is one of the operator's own rather than of the public. */
    boolean ownAuthority() {
        return authorityRoots.isPresent();
    }

    /** Names the authority in file names: its host, and a bit of a digest of the whole address. */
    String authorityName() {
        String host = directory.getHost() == null ? "authority" : directory.getHost();
        byte[] digest = EcKeys.sha256(directory.toString().getBytes(StandardCharsets.UTF_8));
        return host.replaceAll("[^A-Za-z0-9.-]", "_") + "-" + EcKeys.hex(digest).substring(0, 8);
    }
}
