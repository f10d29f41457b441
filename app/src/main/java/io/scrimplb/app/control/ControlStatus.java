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
 * @param settled whether every backend in the cluster has told what it offers and that is in force; see
 *     {@link io.scrimplb.app.registry.Registry#settled}
 */
public record ControlStatus(
        long revision,
        RegistryStatus registry,
        List<ListenerStatus> listeners,
        List<Problem> problems,
        boolean settled) {
    /** Before anything was applied. */
    public static final ControlStatus EMPTY = new ControlStatus(0, RegistryStatus.EMPTY, List.of(), List.of(), false);

    public ControlStatus {
        listeners = List.copyOf(listeners);
        problems = List.copyOf(problems);
    }
}
