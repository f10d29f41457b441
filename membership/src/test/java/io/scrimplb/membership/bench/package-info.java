/**
 * Measures a cluster of this machine: what it costs by size, and how fast it sees what happens to its members. Uses only
 * the membership's public API and what the kernel counts, so it works on whatever carries the frames. Run by
 * {@code membership/bench/cluster}.
 */
package io.scrimplb.membership.bench;
