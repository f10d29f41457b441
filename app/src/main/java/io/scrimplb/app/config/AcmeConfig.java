package io.scrimplb.app.config;

import java.net.URI;
import java.util.Optional;

/**
 * Certificates from an ACME authority.
 *
 * @param directory the authority's directory URL; empty for the product's default
 * @param agreeToTerms whether the operator agrees to the authority's terms
 */
public record AcmeConfig(String email, Optional<URI> directory, boolean agreeToTerms) {}
