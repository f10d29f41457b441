package io.scrimplb.app.runtime;

/** A role that runs until a signal ends it. */
public interface RunningRole extends AutoCloseable {
    /** Reads again what may change while it runs; a mistake in it is one log line and changes nothing. */
    void reload();

    /**
     * Ends what is in flight, for as long as the configuration allows; blocks.
     *
     * @return whether all of it ended
     */
    boolean drain();

    /** Ends everything that is left. Idempotent. */
    @Override
    void close();
}
