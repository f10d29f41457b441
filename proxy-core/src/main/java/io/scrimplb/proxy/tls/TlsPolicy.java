package io.scrimplb.proxy.tls;

import java.util.List;

/**
 * What is offered and accepted on every TLS connection: what Mozilla's guidelines 5.7 call intermediate, without finite-field
 * Diffie-Hellman. Every suite encrypts with authentication and has forward secrecy, so a weak choice cannot be configured and no
 * Diffie-Hellman parameters have to be made.
 */
final class TlsPolicy {
    static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

    /** In the order in which the server picks, for version 1.2: 128 bits suffice and are faster; ChaCha20 for who has no AES. */
    static final List<String> CIPHER_SUITES = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    /** Numbers of the suites of version 1.2 whose certificate is an elliptic curve's (RFC 5289, 3.2; RFC 7905, 2). */
    static final List<Integer> ECDSA_SUITES = List.of(0xc02b, 0xc02c, 0xcca9);

    /** The same for RSA. */
    static final List<Integer> RSA_SUITES = List.of(0xc02f, 0xc030, 0xcca8);

    /** The first withstands quantum computers (draft-ietf-tls-ecdhe-mlkem). The JDK's engine has its own list. */
    static final String[] GROUPS = {"X25519MLKEM768", "x25519", "secp256r1", "secp384r1"};

    private TlsPolicy() {}
}
