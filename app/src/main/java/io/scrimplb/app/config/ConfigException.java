package io.scrimplb.app.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used. The message holds one line for each problem. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    public ConfigException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** Never empty. */
    public List<Problem> problems() {
        return problems;
    }
}
