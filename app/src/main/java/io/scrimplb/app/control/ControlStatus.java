package io.scrimplb.app.control;

import io.scrimplb.app.registry.Problem;
import io.scrimplb.app.registry.RegistryStatus;
import java.util.List;

/**
 * What the control side knows and did, at one moment.
 *
 * @param revision of the spec in force, 0 before the first
 * @param registry members, applications and their problems
 * @param listeners those that the spec asks for
 * @param problems all of them: of the registry, of the proxy and of the cluster
 */
public record ControlStatus(
        long revision, RegistryStatus registry, List<ListenerStatus> listeners, List<Problem> problems) {
    /** Before anything was applied. */
    public static final ControlStatus EMPTY = new ControlStatus(0, RegistryStatus.EMPTY, List.of(), List.of());

    public ControlStatus {
        listeners = List.copyOf(listeners);
        problems = List.copyOf(problems);
    }
}
