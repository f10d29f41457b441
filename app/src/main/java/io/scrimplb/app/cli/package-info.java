/**
 * The command line: one class a command, and the exit codes. {@link io.scrimplb.app.cli.Main} says what runs behind
 * {@code lb}, {@code backend} and {@code demo}; everything else is done here.
 */
@NullMarked
package io.scrimplb.app.cli;

import org.jspecify.annotations.NullMarked;
