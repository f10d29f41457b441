package io.scrimplb.app.cli;

import io.scrimplb.app.config.LoadedConfig;

/** Stands where the run-time goes until it is wired in {@link Main}. */
final class UnwiredRuntimes implements Runtimes {
    @Override
    public int runLoadBalancer(LoadedConfig config) {
        throw unwired();
    }

    @Override
    public int runBackend(LoadedConfig config) {
        throw unwired();
    }

    @Override
    public int runDemo() {
        throw unwired();
    }

    private static IllegalStateException unwired() {
        return new IllegalStateException("this build has no run-time behind the command");
    }
}
