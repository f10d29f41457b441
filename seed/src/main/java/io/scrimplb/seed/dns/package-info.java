/** Seeds in DNS: SRV records, else the addresses of a name; read only. */
@NullMarked
package io.scrimplb.seed.dns;

import org.jspecify.annotations.NullMarked;
