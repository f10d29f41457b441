/**
 * The certificates that a load balancer shows: PEM files as people have them, followed by content while they are replaced; a
 * self-signed certificate where there is nothing better; and the one board on which all of them meet, whoever brought them.
 * {@link io.scrimplb.app.certificates.CertificateBoard} is what others write to and read from. Nothing here knows the cluster
 * or the proxy's workings.
 */
@NullMarked
package io.scrimplb.app.certificates;

import org.jspecify.annotations.NullMarked;
