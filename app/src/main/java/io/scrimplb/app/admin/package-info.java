/**
 * The admin address: health, readiness, metrics and status over the JDK's own HTTP server. It is for operators and their
 * tools, not for the public: loopback by default, a token anywhere else, names checked against DNS rebinding, few
 * threads, and read-only.
 */
@NullMarked
package io.scrimplb.app.admin;

import org.jspecify.annotations.NullMarked;
