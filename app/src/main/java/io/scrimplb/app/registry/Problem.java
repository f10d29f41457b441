package io.scrimplb.app.registry;

import java.time.Instant;

/**
 * Something an operator should mend.
 *
 * @param object what it concerns, such as {@code application blog}
 * @param message what is wrong and what follows from it; one line
 * @param since when it was first seen in this form
 */
public record Problem(String object, String message, Instant since) {}
