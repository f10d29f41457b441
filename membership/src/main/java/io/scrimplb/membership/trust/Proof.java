package io.scrimplb.membership.trust;

import java.security.PublicKey;
import java.util.UUID;

/**
 * What the other end of a connection proved in its handshake.
 *
 * @param memberId first 128 bits of the SHA-256 of its public key (SubjectPublicKeyInfo): nobody else can prove it
 * @param key its public key, fresh in each process
 * @param grant what it may be and do
 * @param authority by which authority it proved that: 16 hexadecimal digits, for status and logs; while the secret is
 *     changed it tells who still lives by the previous one
 */
public record Proof(UUID memberId, PublicKey key, Grant grant, String authority) {}
