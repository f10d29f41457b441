/**
 * Certificates from an ACME authority (RFC 8555), issued once and shared by all load balancers of the cluster. The oldest load
 * balancer orders; all of them answer the authority's challenges, keep each certificate on disk and show it. What is decided
 * (whom to order for, when, who does, which of two certificates wins) stands in classes that know neither I/O nor the clock;
 * {@link io.scrimplb.app.acme.AcmeService} brings both to them. Only what an application claims and holds is ever ordered: no
 * connection of a client leads here.
 */
@NullMarked
package io.scrimplb.app.acme;

import org.jspecify.annotations.NullMarked;
