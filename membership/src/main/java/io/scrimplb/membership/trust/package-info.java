/**
 * Who belongs to the cluster: one secret becomes a certificate authority that every holder can derive, and mutual TLS
 * 1.3 between all members; a token carries a part of that trust, limited to a role and to claims. Free of I/O.
 */
@NullMarked
package io.scrimplb.membership.trust;

import org.jspecify.annotations.NullMarked;
