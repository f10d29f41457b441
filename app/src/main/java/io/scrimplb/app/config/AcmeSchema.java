package io.scrimplb.app.config;

import io.scrimplb.app.config.Shape.ObjectShape;
import java.net.URI;
import java.nio.file.Path;

/** The keys of {@code acme}. */
final class AcmeSchema {
    static final Key<String> EMAIL =
            Key.of("email", ScalarTypes.TEXT, "Where the authority writes to").needed();
    static final Key<Boolean> TERMS = Key.of(
                    "agree-to-terms",
                    ScalarTypes.BOOLEAN,
                    "Whether you agree to the authority's terms; nothing is ordered else")
            .orElse("false");
    static final Key<URI> DIRECTORY =
            Key.of("directory", ScalarTypes.URL, "The authority's directory; absent means Let's Encrypt");
    static final Key<Path> CA = Key.of(
            "ca",
            ScalarTypes.FILE,
            "PEM file of the roots by which an authority of your own is known; names such as .internal are ordered with it too");
    static final Key<Path> DNS_HOOK = Key.of(
            "dns-hook",
            ScalarTypes.FILE,
            "Program that is called with present|cleanup NAME VALUE to prove by a TXT record; wildcards need it");
    static final Key<AcmeConfig.Challenge> CHALLENGE = Key.of(
                    "challenge",
                    ScalarTypes.choice("challenge", AcmeConfig.Challenge.class),
                    "How a name is proved: auto is http-01, and tls-alpn-01 when that fails; wildcards take dns-01")
            .orElse("auto");
    static final Key<Boolean> CHECK = Key.of(
                    "check",
                    ScalarTypes.BOOLEAN,
                    "Whether to look first if a name leads here and is answered; false behind a CDN or another proxy")
            .orElse("true");
    static final Key<Integer> HTTP_PORT = Key.of(
                    "http-port",
                    NetworkTypes.PORT,
                    "Port at which the authority comes for http-01; other than 80 only for an authority of your own")
            .orElse("80");

    static final ObjectShape ACME =
            ObjectShape.optional(EMAIL, TERMS, DIRECTORY, CA, DNS_HOOK, CHALLENGE, CHECK, HTTP_PORT);

    private AcmeSchema() {}
}
