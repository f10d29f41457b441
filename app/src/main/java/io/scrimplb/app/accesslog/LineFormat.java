package io.scrimplb.app.accesslog;

import io.scrimplb.proxy.telemetry.AccessRecord;
import java.io.IOException;

/** Turns a record into the bytes of one line, its end included. Used by one thread. */
interface LineFormat {
    byte[] line(AccessRecord accessRecord) throws IOException;
}
