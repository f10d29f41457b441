/**
 * The access log: one line for each finished exchange, as JSON or in the combined format. Event loops hand over a record
 * and go on; one thread formats and writes. When the disk or the reader of standard output cannot keep up, records are
 * dropped and counted, and nothing else suffers.
 */
@NullMarked
package io.scrimplb.app.accesslog;

import org.jspecify.annotations.NullMarked;
