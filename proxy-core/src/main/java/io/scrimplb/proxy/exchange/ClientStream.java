package io.scrimplb.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.scrimplb.proxy.http.LocalReply;
import io.scrimplb.proxy.http.MessageBody;
import io.scrimplb.proxy.http.OwnResponse;
import io.scrimplb.proxy.http.ResponseHead;
import io.scrimplb.proxy.routing.ListenerHandle;

/**
 * The client's side of an exchange: the connection or stream on which the request came and the response goes. What is written
 * leaves with {@link #flush} at the latest. On the exchange's event loop alone.
 */
public interface ClientStream {
    ListenerHandle listener();

    ClientPeer peer();

    ByteBufAllocator alloc();

    /** Whether the client takes more; while it does not, its endpoint is not read. */
    boolean isWritable();

    /** Changes when bytes that waited went out to the client; otherwise without meaning. */
    long pendingMark();

    /** The exchange can take more of the request's body: what waits is to be handed to {@link Exchange#forwardBody}. */
    void advance();

    /** Hands on an interim response (1xx). Not called for 101, nor for clients that do not know them. */
    void interim(ResponseHead head);

    /**
     * Hands on the head of the final response, and sets {@code body} to follow the endpoint's framing and to hand on what this
     * client takes.
     *
     * @param mayPersist whether nothing on the side of the exchange stands against another request on the connection
     */
    void responseHead(ResponseHead head, RequestFacts facts, MessageBody body, boolean mayPersist);

    /**
     * Whether a final response in the 200s would be taken for an agreement to the upgrade that was asked for, so that only {@link
     * #upgraded} can tell of success.
     */
    default boolean mustUpgrade() {
        return false;
    }

    /**
     * Hands on a part of the body, in the form that was set.
     *
     * @param part becomes this stream's
     * @param last whether it is the end of the response, trailer included
     */
    void responseBody(ByteBuf part, boolean last);

    /**
     * The response has ended: {@link #exchangeEnded} follows.
     *
     * @param trailers lines of the trailer that did not go on with the body, each with its CRLF; may be empty
     */
    void responseEnd(byte[] trailers);

    /**
     * Answers with a reply of this proxy.
     *
     * @param mayPersist see {@link #responseHead}
     */
    void reply(LocalReply reply, RequestFacts facts, boolean mayPersist);

    /**
     * Answers with a response of this proxy that is no error.
     *
     * @param mayPersist see {@link #responseHead}
     */
    void answer(OwnResponse response, RequestFacts facts, boolean mayPersist);

    void flush();

    /**
     * The endpoint agreed to another protocol: both connections become the tunnel's.
     *
     * @param behindHead what came behind the endpoint's 101; stays the caller's
     * @param idleNanos how long the tunnel may be without a byte
     */
    void upgraded(ResponseHead head, Tunnel tunnel, OriginStream origin, ByteBuf behindHead, long idleNanos);

    /** The exchange no longer concerns this stream. */
    void forget(Exchange ended);

    /**
     * The response is written.
     *
     * @param requestRead whether the request was read to its end
     */
    void exchangeEnded(boolean requestRead);

    /**
     * Ends a response in the middle, so that the client sees it is not whole.
     *
     * @param clientStalls whether the client takes nothing any more
     */
    void cut(boolean clientStalls);

    /** Bytes that came of the request in hand and of those before it. */
    long bytesIn();

    /** {@link #bytesIn} when the request in hand began. */
    long bytesInBeforeHead();

    long bytesOut();

    /** Counts what passes in a tunnel. */
    void countIn(int bytes);

    void countOut(int bytes);
}
