package io.scrimplb.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.scrimplb.proxy.endpoint.EndpointState;

/**
 * The endpoint's side of an exchange: a connection, or a stream on one, that serves this exchange alone until it has ended. It
 * tells what comes by {@link Exchange#interim}, {@link Exchange#responseHead}, {@link Exchange#responseBody} and {@link
 * Exchange#responseEnd}, and what goes wrong by {@link Exchange#badResponse} and {@link Exchange#originLost}. On the exchange's event
 * loop alone.
 */
public interface OriginStream {
    EndpointState endpoint();

    /** Whether its connection served an exchange before this one. */
    boolean reused();

    /** Whether the endpoint has said, or it is sure otherwise, that it did nothing with the request. */
    boolean untouched();

    /** Whether anything of a response came. */
    boolean answering();

    /** Writes the head and what of the body is there. */
    void send(OutgoingRequest request);

    /**
     * Writes more of the body.
     *
     * @param part becomes this stream's
     * @param last whether it is the end of the request, trailer included
     */
    void body(ByteBuf part, boolean last);

    /**
     * The body has ended; not called after a part that was the last.
     *
     * @param trailers lines of the trailer that did not go on with the body, each with its CRLF; may be empty
     */
    void bodyEnd(byte[] trailers);

    void flush();

    /** Whether the socket has taken all that was sent. */
    boolean isSent();

    /** Whether it takes more of the body; while it does not, the client's is not read. */
    boolean isWritable();

    /** Whether the endpoint's response is read. */
    void setReading(boolean on);

    /** The response has ended; {@code reusable} whether all is in order for another one on the same connection. */
    void release(boolean reusable);

    /** The exchange has no more use for it. */
    void abandon();

    /** Its channel, without a handler, for a tunnel. */
    Channel detach();
}
