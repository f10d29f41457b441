package io.scrimplb.app.control;

import io.scrimplb.app.registry.MemberChange;

/** Who wants to know what the control side did. Called on the control thread: must not block. */
public interface ControlListener {
    /** A member came, went or fell silent. */
    default void memberChanged(MemberChange change) {}
}
