package io.scrimplb.proxy.h2;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.Unpooled;
import io.scrimplb.proxy.exchange.ClientStream;
import io.scrimplb.proxy.exchange.ExchangeRecord;
import io.scrimplb.proxy.http.LocalReply;
import io.scrimplb.proxy.http.RequestIds;

/** Replies of this proxy on one stream, and the account of those that end a request before an exchange could begin. */
final class Refusals {
    private final H2ClientConnection connection;
    private final StreamOutput output;

    Refusals(H2ClientConnection connection, StreamOutput output) {
        this.connection = connection;
        this.output = output;
    }

    /** Answers a request that is refused. */
    void refuse(ClientStream stream, LocalReply reply, boolean json, boolean withBody) {
        String requestId = requestId();
        send(reply, json, requestId, withBody);
        account(stream, reply, requestId);
    }

    /** Accounts for a request whose stream is reset for what is wrong with it. */
    void malformed(ClientStream stream, String fault) {
        account(stream, LocalReply.badRequest(fault), requestId());
    }

    /** Sends a reply, whole. */
    void send(LocalReply reply, boolean json, String requestId, boolean withBody) {
        ResponseFields responses = connection.h2().responses();
        byte[] bytes = reply.render(json, requestId, true, withBody);
        EncodedFields head = responses.local(bytes);
        int end = responses.localEnd();
        boolean bodiless = end == bytes.length;
        output.fields(head, bodiless);
        if (!bodiless) {
            output.data(Unpooled.wrappedBuffer(bytes, end, bytes.length - end), true);
        }
    }

    private String requestId() {
        byte[] id = new byte[RequestIds.LENGTH];
        connection.h2().exchanges().requestIds().next(id, 0);
        return new String(id, US_ASCII);
    }

    private void account(ClientStream stream, LocalReply reply, String requestId) {
        long now = connection.h2().loop().now();
        ExchangeRecord.refused(
                connection.h2().exchanges(), stream, "HTTP/2.0", reply, requestId, now, (int) stream.bytesOut());
    }
}
