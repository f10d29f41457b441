package io.scrimplb.membership;

/**
 * Counts since the start of this member; they only grow.
 *
 * @param ignoredMessages messages of a version or type this program does not know
 * @param hostileMessages messages that were malformed, over a limit, or not the sender's to send
 * @param refusedFrames frames on the cluster's port that were refused before any of them was believed
 * @param refusedApplications applications left out of an announcement that was otherwise good
 * @param refusedConnections connections on the cluster's port that were refused, or closed for what came over them
 * @param unsentMessages messages for members that were dropped: there was no connection, or nobody read from it or
 *     acknowledged what came over it
 * @param overflowedMessages messages of members that were dropped unread, because too many waited
 */
public record MembershipStats(
        long ignoredMessages,
        long hostileMessages,
        long refusedFrames,
        long refusedApplications,
        long refusedConnections,
        long unsentMessages,
        long overflowedMessages) {}
