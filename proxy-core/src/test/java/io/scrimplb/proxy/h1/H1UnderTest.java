package io.scrimplb.proxy.h1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.scrimplb.proxy.exchange.ClientPeer;
import io.scrimplb.proxy.exchange.ExchangeLoop;
import io.scrimplb.proxy.exchange.OutgoingRequest;
import io.scrimplb.proxy.exchange.RequestFacts;
import io.scrimplb.proxy.exchange.RequestWriter;
import io.scrimplb.proxy.http.HeadBuffer;
import io.scrimplb.proxy.http.LocalReply;
import io.scrimplb.proxy.http.MalformedBodyException;
import io.scrimplb.proxy.http.MessageBody;
import io.scrimplb.proxy.http.RequestHead;
import io.scrimplb.proxy.http.RequestIds;
import io.scrimplb.proxy.http.ResponseHead;
import io.scrimplb.proxy.http.TrailerFields;
import io.scrimplb.proxy.spec.LimitSpec;
import io.scrimplb.proxy.transport.ClientAddresses;
import io.scrimplb.proxy.transport.DetachedLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;

/**
 * The proxy's parsers and writers, put together as a connection puts them together but without one. The fuzz targets reach them
 * through this class alone. Bytes are ISO 8859-1 characters.
 */
final class H1UnderTest {
    static final LimitSpec LIMITS = LimitSpec.defaults();
    static final String CLIENT = "192.0.2.7";
    static final String LOCAL_ADDRESS = "198.51.100.1";
    static final String LOCAL_PORT = "8080";
    static final String LOCAL_AUTHORITY = LOCAL_ADDRESS + ":" + LOCAL_PORT;

    private static final ClientPeer PEER = new ClientPeer(
            new ClientAddresses(null, null, false),
            InetAddress.getLoopbackAddress(),
            CLIENT.getBytes(US_ASCII),
            new InetSocketAddress(LOCAL_ADDRESS, Integer.parseInt(LOCAL_PORT)),
            null);

    /** What became of the bytes. */
    enum Verdict {
        /** One whole message was read and written. */
        ACCEPTED,
        REFUSED,
        /** More bytes are needed; when the connection ends here, the message is cut. */
        UNFINISHED
    }

    /**
     * @param why of a refusal
     * @param out what was written; what came before a refusal included
     * @param consumed bytes that were read as the message
     */
    record Outcome(Verdict verdict, String why, String out, int consumed) {}

    /**
     * @param modern HTTP/1.1
     * @param isHead whether it asked with HEAD
     */
    record Client(boolean modern, boolean isHead, boolean wantsTrailers) {}

    private final H1Loop h1 = new H1Loop(null, new ExchangeLoop(DetachedLoop.make(), null), listener -> null);
    private final RequestIds ids = new RequestIds();
    private UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);

    /** Fills the array that heads are copied to, as earlier heads would. */
    void poison(byte stale) {
        Arrays.fill(h1.exchanges.headBytes(1), stale);
    }

    /** Reads one request as it comes in pieces, and writes it for an endpoint. */
    Outcome request(List<byte[]> pieces, boolean trusted) {
        InputBuffer input = new InputBuffer();
        HeadReader heads = new HeadReader();
        RequestHead head = h1.exchanges.requestHead();
        OutgoingRequest outgoing = new OutgoingRequest();
        RequestFacts facts = new RequestFacts();
        boolean inBody = false;
        int fed = 0;
        try {
            for (byte[] piece : pieces) {
                fed += piece.length;
                input.append(allocator.heapBuffer(piece.length).writeBytes(piece), allocator);
                if (!inBody) {
                    if (!heads.read(input.bytes(), h1, head, LIMITS)) {
                        LocalReply refusal = heads.refusal();
                        if (refusal != null) {
                            return new Outcome(Verdict.REFUSED, refusal.status() + " " + refusal.message(), "", 0);
                        }
                        continue;
                    }
                    facts.take(head, ids);
                    outgoing.begin(head, true);
                    RequestWriter.write(head, PEER, trusted, facts, false, outgoing.headBuffer());
                    outgoing.put(input.bytes(), allocator);
                    inBody = true;
                } else {
                    outgoing.put(input.bytes(), allocator);
                }
                if (outgoing.done()) {
                    return new Outcome(Verdict.ACCEPTED, "", text(outgoing.first()), fed - input.size());
                }
            }
            return new Outcome(Verdict.UNFINISHED, "", text(outgoing.first()), 0);
        } catch (MalformedBodyException e) {
            return new Outcome(Verdict.REFUSED, e.getMessage(), text(outgoing.first()), 0);
        } finally {
            input.drop();
            checkAllReleased();
        }
    }

    /** Parses the head that ends at {@code length} and nothing else; @return null when it is fine. */
    String requestHead(byte[] bytes, int length) {
        LocalReply refusal = new RequestHead().parse(bytes, length, LIMITS);
        return refusal == null ? null : refusal.status() + " " + refusal.message();
    }

    /** Parses the head that ends at {@code length} and nothing else; @return null when it is fine. */
    String responseHead(byte[] bytes, int length) {
        return new ResponseHead().parse(bytes, length, LIMITS);
    }

    /** @return index behind the first head, or -1 */
    int headEnd(byte[] bytes, int from, int length) {
        return HeadScanner.end(bytes, from, length);
    }

    /** Reads one final response, with the interim ones before it, up to the end of the connection; writes it for a client. */
    Outcome response(List<byte[]> pieces, Client client) {
        RequestFacts facts = new RequestFacts();
        facts.modern = client.modern();
        facts.isHead = client.isHead();
        facts.wantsTrailers = client.wantsTrailers();
        facts.keepAlive = true;
        ResponsePlan plan = new ResponsePlan();
        plan.reset();
        MessageBody body = new MessageBody();
        ResponseHead head = h1.exchanges.responseHead();
        InputBuffer input = new InputBuffer();
        ByteBuf out = allocator.heapBuffer();
        boolean inBody = false;
        int fed = 0;
        try {
            for (byte[] piece : pieces) {
                fed += piece.length;
                input.append(allocator.heapBuffer(piece.length).writeBytes(piece), allocator);
                ByteBuf in = input.bytes();
                while (!inBody && in.isReadable()) {
                    int length = Math.min(in.readableBytes(), LIMITS.headerBytes());
                    byte[] bytes = h1.exchanges.headBytes(length);
                    in.getBytes(in.readerIndex(), bytes, 0, length);
                    int end = HeadScanner.end(bytes, 0, length);
                    if (end < 0 && length < LIMITS.headerBytes()) {
                        break;
                    }
                    String fault = end < 0 ? "the response head is too large" : head.parse(bytes, end, LIMITS);
                    if (fault == null && head.status == 101) {
                        fault = "an upgrade nobody asked for";
                    }
                    if (fault != null) {
                        return new Outcome(Verdict.REFUSED, fault, out.toString(ISO_8859_1), 0);
                    }
                    in.skipBytes(end);
                    if (head.status >= 200) {
                        plan.decide(head, facts, body, true);
                        write(plan.write(head, h1.responseWriter, null), out);
                        inBody = true;
                    } else if (facts.modern) {
                        write(h1.responseWriter.writeInterim(head), out);
                    }
                }
                if (inBody) {
                    move(body.take(in, allocator), out);
                    if (body.done()) {
                        return new Outcome(Verdict.ACCEPTED, "", out.toString(ISO_8859_1), fed - input.size());
                    }
                }
            }
            if (inBody && body.awaitsEnd()) {
                move(body.end(TrailerFields.NONE, allocator), out);
                return new Outcome(Verdict.ACCEPTED, "", out.toString(ISO_8859_1), fed);
            }
            return new Outcome(Verdict.UNFINISHED, "", out.toString(ISO_8859_1), 0);
        } catch (MalformedBodyException e) {
            return new Outcome(Verdict.REFUSED, e.getMessage(), out.toString(ISO_8859_1), 0);
        } finally {
            out.release();
            input.drop();
            checkAllReleased();
        }
    }

    /** Follows one chunked body. */
    Outcome chunked(List<byte[]> pieces, boolean keepFraming, boolean passTrailers) {
        MessageBody body = new MessageBody();
        body.chunked(keepFraming, passTrailers);
        ByteBuf out = allocator.heapBuffer();
        int consumed = 0;
        try {
            for (byte[] piece : pieces) {
                ByteBuf in = allocator.heapBuffer(piece.length).writeBytes(piece);
                try {
                    move(body.take(in, allocator), out);
                    consumed += in.readerIndex();
                } finally {
                    in.release();
                }
                if (body.done()) {
                    return new Outcome(Verdict.ACCEPTED, "", out.toString(ISO_8859_1), consumed);
                }
            }
            return new Outcome(Verdict.UNFINISHED, "", out.toString(ISO_8859_1), 0);
        } catch (MalformedBodyException e) {
            return new Outcome(Verdict.REFUSED, e.getMessage(), out.toString(ISO_8859_1), 0);
        } finally {
            out.release();
            checkAllReleased();
        }
    }

    private static String text(HeadBuffer bytes) {
        return new String(bytes.array(), 0, bytes.length(), ISO_8859_1);
    }

    private static void write(HeadBuffer head, ByteBuf out) {
        out.writeBytes(head.array(), 0, head.length());
    }

    private static void move(ByteBuf part, ByteBuf out) {
        if (part != null) {
            out.writeBytes(part);
            part.release();
        }
    }

    private void checkAllReleased() {
        long held = allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
        if (held != 0) {
            allocator = new UnpooledByteBufAllocator(true, true);
            throw new AssertionError(held + " bytes of buffers are still held");
        }
    }
}
