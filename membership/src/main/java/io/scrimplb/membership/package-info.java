/** Who is in the cluster and what each member offers. Everything JGroups stays behind this package's types. */
@NullMarked
package io.scrimplb.membership;

import org.jspecify.annotations.NullMarked;
