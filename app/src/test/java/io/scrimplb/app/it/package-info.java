/**
 * The whole product as its user meets it: processes started from the jar, real sockets, real signals, real files. What runs
 * here is the proof of what the README says; each measured figure is one line, {@code FIGURE name: value}.
 *
 * <p>{@link io.scrimplb.app.it.Rig} starts and ends the processes, {@link io.scrimplb.app.it.Scrimp} is one of them, and
 * the applications behind the backends live in the JVM of the test, so that a backend can be killed while its application
 * lives on.
 */
@NullMarked
package io.scrimplb.app.it;

import org.jspecify.annotations.NullMarked;
