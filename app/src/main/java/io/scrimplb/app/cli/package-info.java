/** The command line: one class a command, exit codes, signals. */
@NullMarked
package io.scrimplb.app.cli;

import org.jspecify.annotations.NullMarked;
