package io.scrimplb.proxy.spec;

/**
 * One object of a spec that was left out, or one listener that could not be opened.
 *
 * @param object what it concerns, such as {@code listener 8443} or {@code upstream blog}
 * @param message why, and what to do about it; one line
 * @param bindFailure whether it is a port that could not be bound
 */
public record SpecProblem(String object, String message, boolean bindFailure) {}
