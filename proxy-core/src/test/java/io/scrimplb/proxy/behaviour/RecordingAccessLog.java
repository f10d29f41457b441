package io.scrimplb.proxy.behaviour;

import io.scrimplb.proxy.telemetry.AccessLog;
import io.scrimplb.proxy.telemetry.AccessRecord;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps the records for a test to take one by one. */
final class RecordingAccessLog implements AccessLog {
    private final BlockingQueue<AccessRecord> records = new LinkedBlockingQueue<>();

    @Override
    public boolean enabled() {
        return true;
    }

    @Override
    public void write(AccessRecord accessRecord) {
        records.add(accessRecord);
    }

    /** The next record; fails after ten seconds. */
    AccessRecord next() throws InterruptedException {
        AccessRecord next = records.poll(10, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no access record was written");
        }
        return next;
    }

    boolean isEmpty() {
        return records.isEmpty();
    }
}
