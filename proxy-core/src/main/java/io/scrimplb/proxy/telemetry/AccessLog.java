package io.scrimplb.proxy.telemetry;

/** Where finished exchanges are told. */
public interface AccessLog {
    /** The log that nobody reads; no record is made for it. */
    AccessLog OFF = new AccessLog() {
        @Override
        public boolean enabled() {
            return false;
        }

        @Override
        public void write(AccessRecord accessRecord) {}
    };

    /** Whether records are wanted; asked on the hot path, so a plain field read. */
    boolean enabled();

    /** Takes a record. Called on event loops: must not block, and drops (and counts) what it cannot keep up with. */
    void write(AccessRecord accessRecord);
}
