/**
 * A second reading of HTTP/1.x, for tests alone: small, slow, and straight from the grammar of RFC 9110 and RFC 9112. It shares
 * no table and no code with the proxy, so that what both read in the same way is right for two reasons.
 */
package io.scrimplb.proxy.h1.reference;
