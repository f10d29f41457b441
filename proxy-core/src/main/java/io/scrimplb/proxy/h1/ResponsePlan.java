package io.scrimplb.proxy.h1;

import io.scrimplb.proxy.exchange.RequestFacts;
import io.scrimplb.proxy.h1.ResponseWriter.Persistence;
import io.scrimplb.proxy.http.HeadBuffer;
import io.scrimplb.proxy.http.HeaderLines;
import io.scrimplb.proxy.http.MessageBody;
import io.scrimplb.proxy.http.ResponseHead;
import org.jspecify.annotations.Nullable;

/** How a response's body goes on to this client, and whether the connection lives on behind it. Used again for the next. */
final class ResponsePlan {
    private boolean chunked;
    private boolean closeDelimited;
    private boolean persistent;
    private boolean modern;

    void reset() {
        persistent = false;
        closeDelimited = false;
    }

    /**
     * Decides (RFC 9112, 6.3 and 9.3).
     *
     * @param body set to follow the endpoint's framing
     * @param mayPersist whether nothing but the response itself stands against another request
     */
    void decide(ResponseHead head, RequestFacts request, MessageBody body, boolean mayPersist) {
        modern = request.modern;
        boolean bodiless = head.bodiless(request.isHead);
        // The answer to HEAD tells how a body would come; a 204 never has one (RFC 9112, 6.1).
        chunked = head.lines.chunked && modern && (!bodiless || (request.isHead && head.status != 204));
        closeDelimited = false;
        if (bodiless) {
            body.none();
        } else if (head.lines.chunked) {
            body.chunked(modern, modern && request.wantsTrailers);
            closeDelimited = !modern;
        } else if (head.lines.contentLength != HeaderLines.NO_LENGTH) {
            body.length(head.lines.contentLength);
        } else {
            body.untilEnd(modern, modern && request.wantsTrailers);
            chunked = modern;
            closeDelimited = !modern;
        }
        persistent = mayPersist && request.keepAlive && !closeDelimited;
    }

    /** @param hsts see {@link RequestFacts#hsts} */
    HeadBuffer write(ResponseHead head, ResponseWriter writer, byte @Nullable [] hsts) {
        Persistence told = !persistent ? Persistence.CLOSE : modern ? Persistence.KEEP : Persistence.KEEP_TOLD;
        return writer.write(head, told, chunked, hsts);
    }

    /** A reply of our own takes the response's place. */
    void local(boolean mayPersist) {
        persistent = mayPersist;
        closeDelimited = false;
    }

    boolean persistent() {
        return persistent;
    }

    /** Whether only the end of the connection tells the client the end of the body. */
    boolean closeDelimited() {
        return closeDelimited;
    }
}
