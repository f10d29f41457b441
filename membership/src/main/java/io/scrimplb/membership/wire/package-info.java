/**
 * What members say to each other: JSON objects with a version and a type,
 *
 * <pre>{@code
 * {"v":1,"type":"query","known":-1}
 * {"v":1,"type":"announcement","revision":3,"applications":[…]}
 * {"v":1,"type":"unchanged","revision":3}
 * {"v":1,"type":"knowledge","member":"<id>","revision":3,"applications":[…]}
 * }</pre>
 *
 * Unknown fields, types and versions are ignored, so that old and new members can share a cluster. Everything that
 * comes in is believed to be hostile: size, depth, counts, syntax and ranges are checked here, once, and what leaves
 * this package is valid. Free of I/O and of state.
 */
@NullMarked
package io.scrimplb.membership.wire;

import org.jspecify.annotations.NullMarked;
