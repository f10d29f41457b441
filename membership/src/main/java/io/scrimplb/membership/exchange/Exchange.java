package io.scrimplb.membership.exchange;

import io.scrimplb.membership.Announcement;
import io.scrimplb.membership.Claims;
import io.scrimplb.membership.ClusterView;
import io.scrimplb.membership.HostPort;
import io.scrimplb.membership.Member;
import io.scrimplb.membership.MembershipEvents;
import io.scrimplb.membership.Role;
import io.scrimplb.membership.trust.Grant;
import io.scrimplb.membership.wire.Decoded;
import io.scrimplb.membership.wire.WireCodec;
import io.scrimplb.membership.wire.WireLimits;
import io.scrimplb.membership.wire.WireMessage;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exchange as one member takes part in it: what it says when the view changes, when it is spoken to and when time
 * passes. Not thread-safe except for the counts; one thread calls it and it calls the events on that thread.
 */
public final class Exchange {
    /** Where messages to other members go; must not block. */
    public interface Outbox {
        void send(Member to, byte[] message);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private final WireCodec codec = new WireCodec();
    private final OwnOffer offer = new OwnOffer(codec);
    private final Complaints complaints = new Complaints();
    private final Complaints problems = new Complaints();
    private final LongAdder ignored = new LongAdder();
    private final LongAdder hostile = new LongAdder();
    private final LongAdder refusedApplications = new LongAdder();
    private final BackendTable backends;
    private final MembershipEvents events;
    private final Outbox outbox;
    private ClusterView view;

    public Exchange(Member self, MembershipEvents events, Outbox outbox, RandomGenerator random) {
        this.view = new ClusterView(self, List.of(self), Set.of());
        this.events = events;
        this.outbox = outbox;
        this.backends = new BackendTable(random);
    }

    /**
     * Others came or went. Those who are new hear from us what concerns them.
     *
     * @param merged whether partitions came together
     * @param now milliseconds of any clock that does not go backwards
     */
    public void viewChanged(ClusterView next, boolean merged, long now) {
        ClusterView previous = view;
        view = next;
        List<Member> newLoadBalancers = next.members().stream()
                .filter(m -> m.role() == Role.LOAD_BALANCER)
                .filter(m -> !m.id().equals(next.self().id()))
                .filter(m -> previous.member(m.id()).isEmpty())
                .toList();
        if (next.self().role() == Role.BACKEND) {
            newLoadBalancers.forEach(this::offerTo);
            return;
        }
        boolean enough = backends.leftOut() == 0;
        backends.viewChanged(next.members(), merged, now);
        if (enough && backends.leftOut() > 0) {
            trouble("the cluster has more than " + BackendTable.MAX_BACKENDS + " backends: the applications of "
                    + backends.leftOut() + " of them are not used; divide them among clusters of different names");
        }
        if (!newLoadBalancers.isEmpty()) {
            backends.known().forEach((id, known) -> {
                byte[] knowledge = codec.encode(new WireMessage.Knowledge(id, known.announcement(), known.claims()));
                newLoadBalancers.forEach(loadBalancer -> outbox.send(loadBalancer, knowledge));
            });
        }
    }

    /** This member offers something from now on. */
    public void announce(Announcement announcement) {
        OwnOffer.Outcome outcome = offer.announce(announcement);
        if (problems.changed(view.self().id(), outcome.problems())) {
            outcome.problems().forEach(this::trouble);
        }
        if (outcome.changed()) {
            view.members().stream().filter(m -> m.role() == Role.LOAD_BALANCER).forEach(this::offerTo);
        }
    }

    /**
     * Tells another load balancer something. Nobody else gets it: the view says who is one by what its connection proved,
     * and the transport hands a message only to a connection that proved the id it is for.
     *
     * @throws IllegalArgumentException when the topic or the length of the content is out of bounds
     */
    public void tell(String loadBalancerId, String topic, String content) {
        if (!WireLimits.TOPIC.matcher(topic).matches() || content.length() > WireLimits.NOTE_CHARS) {
            throw new IllegalArgumentException("a note about " + topic + " of " + content.length() + " characters");
        }
        view.member(loadBalancerId)
                .filter(member -> member.role() == Role.LOAD_BALANCER)
                .filter(member -> !member.id().equals(view.self().id()))
                .ifPresent(member -> outbox.send(member, codec.encode(new WireMessage.Note(topic, content))));
    }

    /** Asks whom it is time to ask. */
    public void ask(long now) {
        for (BackendTable.Question question : backends.due(now)) {
            outbox.send(question.backend(), codec.encode(new WireMessage.Query(question.knownRevision())));
        }
    }

    /** When {@link #ask} has something to do next; empty when never. */
    public OptionalLong nextAsk() {
        return backends.nextDue();
    }

    /**
     * A message came in. The sender is who JGroups says it is.
     *
     * @param grant what the certificate of the sender's connection lets it be and offer; {@link Grant#FULL} in a cluster
     *     without a secret
     * @param now milliseconds of any clock that does not go backwards
     */
    public void received(String senderId, Grant grant, byte[] bytes, long now) {
        Optional<Member> sender = view.member(senderId);
        if (sender.isEmpty()) {
            // Not yet, or no longer, in our view. Backends are asked once they are.
            ignored.increment();
            return;
        }
        if (grant.role().filter(role -> role != sender.get().role()).isPresent()) {
            complain(
                    sender.get(),
                    "its join token is a " + called(grant.role().get()) + "'s, not that of a "
                            + called(sender.get().role()));
            return;
        }
        Decoded decoded = codec.decode(bytes, 0, bytes.length);
        if (decoded instanceof Decoded.Unknown) {
            ignored.increment();
        } else if (decoded instanceof Decoded.Malformed malformed) {
            complain(sender.get(), malformed.why());
        } else if (decoded instanceof Decoded.Understood understood) {
            understood(sender.get(), grant.claims(), understood, now);
        }
    }

    /** A message was dropped before it was read, for want of room: its sender is asked to repeat what matters. */
    public void dropped(String senderId, long now) {
        backends.lost(senderId, now);
    }

    /** A message was refused before it was read. */
    public void refused(String senderId, String why) {
        view.member(senderId).ifPresentOrElse(sender -> complain(sender, why), hostile::increment);
    }

    public long ignoredMessages() {
        return ignored.sum();
    }

    public long hostileMessages() {
        return hostile.sum();
    }

    public long refusedApplications() {
        return refusedApplications.sum();
    }

    private void understood(Member sender, Claims claims, Decoded.Understood understood, long now) {
        boolean fromLoadBalancer = sender.role() == Role.LOAD_BALANCER;
        boolean toLoadBalancer = view.self().role() == Role.LOAD_BALANCER;
        WireMessage message = understood.message();
        if (message instanceof WireMessage.Query query) {
            if (!fromLoadBalancer || toLoadBalancer) {
                complain(sender, "only a load balancer asks, and only a backend is asked");
                return;
            }
            outbox.send(sender, codec.encode(offer.answer(query.known())));
        } else if (!toLoadBalancer) {
            complain(sender, "a backend is only asked");
        } else if (message instanceof WireMessage.Note note) {
            if (!fromLoadBalancer) {
                complain(sender, "only a load balancer tells notes");
                return;
            }
            events.noted(sender, note.topic(), note.content());
        } else if (message instanceof WireMessage.Knowledge knowledge) {
            if (!fromLoadBalancer) {
                complain(sender, "only a load balancer speaks for others");
                return;
            }
            if (backends.heardOf(knowledge.memberId(), knowledge.announcement(), knowledge.claims())) {
                view.member(knowledge.memberId())
                        .ifPresent(member -> events.announced(member, knowledge.announcement(), knowledge.claims()));
            }
        } else if (fromLoadBalancer) {
            complain(sender, "only a backend announces");
        } else if (message instanceof WireMessage.Unchanged unchanged) {
            backends.unchanged(sender.id(), unchanged.revision(), claims, now)
                    .ifPresent(known -> events.announced(sender, known.announcement(), known.claims()));
        } else if (message instanceof WireMessage.Offer said) {
            refusedApplications.add(understood.refused());
            if (problems.changed(sender.id(), understood.problems())) {
                understood.problems().forEach(problem -> trouble(called(sender) + ": " + problem));
            }
            if (backends.offered(sender.id(), said.announcement(), claims, now)) {
                events.announced(sender, said.announcement(), claims);
            }
        }
    }

    private void offerTo(Member loadBalancer) {
        outbox.send(loadBalancer, codec.encode(new WireMessage.Offer(offer.current())));
    }

    private void complain(Member sender, String why) {
        hostile.increment();
        if (complaints.first(sender.id())) {
            trouble("a message from " + called(sender) + " is ignored, and more of that kind will only be counted: "
                    + why);
        }
    }

    private void trouble(String message) {
        LOG.warn(message);
        events.troubled(message);
    }

    private static String called(Member member) {
        return called(member.role()) + " " + member.name() + " at " + HostPort.of(member.address());
    }

    private static String called(Role role) {
        return role == Role.LOAD_BALANCER ? "load balancer" : "backend";
    }
}
