/** Seeds in a file of a shared folder. Readers see the old object or the new one, never half of one; writers take turns by a lock file. */
@NullMarked
package io.scrimplb.seed.file;

import org.jspecify.annotations.NullMarked;
