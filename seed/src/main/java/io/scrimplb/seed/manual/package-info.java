/** Seeds that the configuration itself names; read only. */
@NullMarked
package io.scrimplb.seed.manual;

import org.jspecify.annotations.NullMarked;
