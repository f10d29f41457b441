package io.scrimplb.proxy.partners;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A whole response as a client saw it.
 *
 * @param interim heads of the 1xx responses before it
 * @param head its head
 * @param framing how its end was found
 * @param body decoded body
 * @param complete whether the body ended as its framing says; an UNTIL_CLOSE body always does
 * @param trailers trailer lines as {@code Name: value}
 */
public record RawResponse(
        List<MessageHead> interim,
        MessageHead head,
        MessageBody.Framing framing,
        byte[] body,
        boolean complete,
        List<String> trailers) {
    public int status() {
        return head.status();
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
