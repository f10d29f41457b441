package io.scrimplb.membership.transport;

import java.io.IOException;

/** Who gets what arrives at a {@link MemberNetwork}. Called on its loop, must not block. */
interface Receiver {
    /**
     * @throws IOException when the message is not to be believed; it ends the connection
     */
    void received(Peer from, byte[] message) throws IOException;

    /** The last connection with a member broke without a goodbye. */
    void lost(Peer peer);

    /** The last connection with a member ended, whatever way. */
    void gone(Peer peer);

    /** Whether a member is in the view, so that its connections are kept. */
    boolean isMember(Peer peer);
}
