/**
 * What members say to each other: JSON objects with a version and a type,
 *
 * <pre>{@code
 * {"v":1,"type":"query","known":-1}
 * {"v":1,"type":"announcement","revision":3,"applications":[…]}
 * {"v":1,"type":"unchanged","revision":3}
 * {"v":1,"type":"knowledge","member":"<id>","revision":3,"applications":[…],
 *  "claims":{"domains":["*.example.com"],"ports":["443","8000-8999"]}}
 * {"v":1,"type":"note","topic":"acme","content":["…"]}
 * }</pre>
 *
 * The {@code claims} came later than the rest and stand there only for a member that has limits. A reader that does not
 * know them ignores them, one that does takes their absence for no limits, so the version stays 1. The
 * {@code note} came later too, is only for load balancers, and is ignored by those that do not know it.
 *
 * <p>Unknown fields, types and versions are ignored, so that old and new members can share a cluster. Everything that
 * comes in is believed to be hostile: size, depth, counts, syntax and ranges are checked here, once, and what leaves
 * this package is valid. Free of I/O and of state.
 */
@NullMarked
package io.scrimplb.membership.wire;

import org.jspecify.annotations.NullMarked;
