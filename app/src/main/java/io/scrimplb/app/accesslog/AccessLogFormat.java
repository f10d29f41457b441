package io.scrimplb.app.accesslog;

/** How a line of the access log looks. */
public enum AccessLogFormat {
    /** One JSON object a line. */
    JSON,
    /** The combined format that Apache and nginx made common. */
    COMBINED
}
