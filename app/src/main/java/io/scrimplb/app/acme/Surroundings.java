package io.scrimplb.app.acme;

import java.time.Clock;
import java.util.random.RandomGenerator;

/** What an order is carried out with. All of it is thread-safe but {@code random}, which is for the service's thread. */
record Surroundings(AcmeSettings settings, Authority authority, Lookout lookout, Clock clock, RandomGenerator random) {}
