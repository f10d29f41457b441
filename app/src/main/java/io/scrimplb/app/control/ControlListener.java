package io.scrimplb.app.control;

import io.scrimplb.app.registry.MemberChange;
import java.util.Set;

/** Who wants to know what the control side did. Called on the control thread: must not block. */
public interface ControlListener {
    /** A member came, went or fell silent. */
    default void memberChanged(MemberChange change) {}

    /**
     * Other hosts are decrypted here than before. These are the names that may have a certificate: an application claimed
     * each, by what the operator and its member's token allow, and holds it at a TLS listener.
     *
     * @param hosts all of them, in lower case, {@code *.example.com} among them; never {@code *}
     */
    default void terminatedHosts(Set<String> hosts) {}
}
