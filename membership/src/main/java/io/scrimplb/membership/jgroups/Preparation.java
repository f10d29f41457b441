package io.scrimplb.membership.jgroups;

import io.scrimplb.membership.transport.SafeMessages;
import io.scrimplb.membership.wire.WireCodec;
import io.scrimplb.membership.wire.WireMessage;
import java.util.List;
import org.jgroups.JChannel;
import org.jgroups.protocols.SHARED_LOOPBACK;
import org.jgroups.protocols.SHARED_LOOPBACK_PING;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.STABLE;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a channel that is never connected, and a message that is never sent: for the classes that they load. */
final class Preparation {
    private static final Logger LOG = LoggerFactory.getLogger(Preparation.class);

    private Preparation() {}

    static void run() {
        try {
            SafeMessages.install();
            ViewRules rules = new ViewRules(id -> null);
            new JChannel(
                            new SHARED_LOOPBACK(),
                            new SHARED_LOOPBACK_PING(),
                            new PromptMerge(List::of, rules),
                            new Suspicions(() -> {}),
                            new VERIFY_SUSPECT2(),
                            new BoundedMulticast(),
                            new BoundedUnicast(),
                            new STABLE(),
                            new BoundedViews(rules),
                            new BoundedFragments())
                    .close();
            WireCodec codec = new WireCodec();
            byte[] query = codec.encode(new WireMessage.Query(WireMessage.NOTHING_KNOWN));
            LOG.trace("prepared: {}", codec.decode(query, 0, query.length));
        } catch (Exception e) {
            LOG.debug("the preparation failed, what it was for is loaded when it is needed: {}", e.toString());
        }
    }
}
