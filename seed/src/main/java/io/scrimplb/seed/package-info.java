/**
 * Where addresses to join through are kept: seeds, the sources that hold them, and the publisher that keeps a load
 * balancer's own one fresh.
 *
 * <p>A {@code SeedProvider} can be read; if it can be written too, it has a {@code SeedStore}. Writes are conditional:
 * who reads gets a {@code SeedVersion} and hands it back, so that two load balancers that push at the same moment lose
 * nothing. Providers are found by {@code ServiceLoader} through {@code SeedProviderFactory}, each in a package of its
 * own below this one; nothing here knows any of them.
 */
@NullMarked
package io.scrimplb.seed;

import org.jspecify.annotations.NullMarked;
