package io.scrimplb.app.config;

import java.nio.file.Path;

/**
 * A certificate in files.
 *
 * @param chain PEM file with the certificate and its intermediates
 * @param key PEM file with the private key
 */
public record CertificateConfig(Path chain, Path key) {}
