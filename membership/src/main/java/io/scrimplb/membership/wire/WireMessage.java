package io.scrimplb.membership.wire;

import io.scrimplb.membership.Announcement;
import io.scrimplb.membership.Claims;

/** What one member says to another. Who says it is known from the connection, never from the message. */
public sealed interface WireMessage {
    /**
     * A load balancer asks a backend what it offers.
     *
     * @param known revision it has already, {@link #NOTHING_KNOWN} when none
     */
    record Query(long known) implements WireMessage {}

    /** A backend says what it offers, asked or not. */
    record Offer(Announcement announcement) implements WireMessage {}

    /** A backend says that the asker's knowledge is current. */
    record Unchanged(long revision) implements WireMessage {}

    /**
     * A load balancer tells another what it knows of a backend.
     *
     * @param memberId whom it is about
     * @param claims what that backend may offer by its certificate
     */
    record Knowledge(String memberId, Announcement announcement, Claims claims) implements WireMessage {}

    /**
     * A load balancer tells another something that only load balancers are to know, and of which this module knows no more.
     *
     * @param topic what it is about, {@link WireLimits#TOPIC}
     * @param content at most {@link WireLimits#NOTE_CHARS} characters
     */
    record Note(String topic, String content) implements WireMessage {
        /** The content may be a secret. */
        @Override
        public String toString() {
            return "Note[" + topic + ", " + content.length() + " characters]";
        }
    }

    /** The revision of somebody who has no announcement yet. */
    long NOTHING_KNOWN = -1;
}
