package io.scrimplb.proxy.h2;

import io.netty.buffer.Unpooled;
import io.scrimplb.proxy.exchange.ClientStream;
import io.scrimplb.proxy.exchange.ExchangeRecord;
import io.scrimplb.proxy.http.LocalReply;

/** Replies of this proxy on one stream, and the account of those that end a request before an exchange could begin. */
final class StreamReplies {
    private final H2ClientConnection connection;
    private final StreamOutput output;

    StreamReplies(H2ClientConnection connection, StreamOutput output) {
        this.connection = connection;
        this.output = output;
    }

    /** Answers a request that is refused. */
    void refuse(ClientStream stream, LocalReply reply, boolean json, boolean withBody) {
        String requestId = connection.h2().exchanges().requestIds().next();
        send(reply, json, requestId, withBody);
        account(stream, reply, requestId);
    }

    /** Accounts for a request whose stream is reset for what is wrong with it. */
    void malformed(ClientStream stream, String fault) {
        account(
                stream,
                LocalReply.badRequest(fault),
                connection.h2().exchanges().requestIds().next());
    }

    /** Sends a reply, whole. */
    void send(LocalReply reply, boolean json, String requestId, boolean withBody) {
        send(reply.render(json, requestId, true, withBody));
    }

    /** Sends a response that this proxy made, in HTTP/1.1's form. */
    void send(byte[] bytes) {
        ResponseFields responses = connection.h2().responses();
        EncodedFields head = responses.local(bytes);
        int end = responses.localEnd();
        boolean bodiless = end == bytes.length;
        output.fields(head, bodiless);
        if (!bodiless) {
            output.data(Unpooled.wrappedBuffer(bytes, end, bytes.length - end), true);
        }
    }

    private void account(ClientStream stream, LocalReply reply, String requestId) {
        long now = connection.h2().loop().now();
        ExchangeRecord.refused(
                connection.h2().exchanges(), stream, "HTTP/2.0", reply, requestId, now, (int) stream.bytesOut());
    }
}
