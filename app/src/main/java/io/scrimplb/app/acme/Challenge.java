package io.scrimplb.app.acme;

import io.scrimplb.proxy.spec.ChallengeSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;

/** What the authority shall find at every load balancer, as it is told among them. */
sealed interface Challenge {
    /** As the proxy answers it; each call makes a new certificate where there is one. */
    ChallengeSpec spec(Instant now);

    /**
     * @param host the name in question
     * @param token what the authority asks for
     * @param content what it shall get
     */
    record Http(String host, String token, String content) implements Challenge {
        /** RFC 8555, 8.3: base64url, at least 128 bits. */
        static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{1,512}");

        private static final Pattern CONTENT = Pattern.compile("[A-Za-z0-9_-]{1,512}\\.[A-Za-z0-9_-]{1,128}");

        public Http {
            if (!TOKEN.matcher(token).matches() || !CONTENT.matcher(content).matches()) {
                throw new IllegalArgumentException("not what an authority asks for");
            }
        }

        @Override
        public ChallengeSpec spec(Instant now) {
            return new ChallengeSpec.Http(token, content);
        }
    }

    /**
     * @param validation what the certificate holds, base64
     */
    record Alpn(String host, String validation) implements Challenge {
        public Alpn {
            if (Base64.getDecoder().decode(validation).length != AlpnCertificate.VALIDATION_BYTES
                    || !IssuableName.isExactName(host)) {
                throw new IllegalArgumentException("not what an authority asks for");
            }
        }

        static Alpn of(String host, byte[] validation) {
            return new Alpn(host, Base64.getEncoder().encodeToString(Arrays.copyOf(validation, validation.length)));
        }

        @Override
        public ChallengeSpec spec(Instant now) {
            return new ChallengeSpec.TlsAlpn(
                    host, AlpnCertificate.of(host, Base64.getDecoder().decode(validation), now));
        }
    }
}
