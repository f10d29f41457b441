/** No seeds, for trying things out: reads nothing, writes nowhere. */
@NullMarked
package io.scrimplb.seed.dummy;

import org.jspecify.annotations.NullMarked;
