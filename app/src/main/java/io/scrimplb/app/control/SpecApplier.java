package io.scrimplb.app.control;

import io.scrimplb.proxy.spec.ProxySpec;
import io.scrimplb.proxy.spec.SpecProblem;
import java.util.List;

/**
 * Brings a desired state into force; in production the proxy. Called on the control thread, one call at a time. Applying
 * the spec that is in force already tries again to bind the listeners that could not be bound.
 */
@FunctionalInterface
public interface SpecApplier {
    /** Applies a spec and tells what had to be left out. */
    List<SpecProblem> apply(ProxySpec spec);
}
