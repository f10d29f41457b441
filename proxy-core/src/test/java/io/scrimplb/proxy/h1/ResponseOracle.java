package io.scrimplb.proxy.h1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.h1.H1UnderTest.Client;
import io.scrimplb.proxy.h1.H1UnderTest.Outcome;
import io.scrimplb.proxy.h1.H1UnderTest.Verdict;
import io.scrimplb.proxy.h1.reference.FieldLine;
import io.scrimplb.proxy.h1.reference.Message;
import io.scrimplb.proxy.h1.reference.Message.Framing;
import io.scrimplb.proxy.h1.reference.NotHttp;
import io.scrimplb.proxy.h1.reference.ReferenceReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Holds what the proxy makes of an endpoint's response, for clients of several kinds, to what the reference and Netty make of it;
 * see {@link RequestOracle}. What is written is the one response that was meant, with the interim ones before it.
 */
final class ResponseOracle {
    private static final List<Client> CLIENTS = List.of(
            new Client(true, false, false),
            new Client(true, false, true),
            new Client(true, true, false),
            new Client(false, false, false),
            new Client(false, true, false));

    private static final Set<String> WRITTEN_ANEW = Set.of("content-length", "transfer-encoding", "connection");

    private final H1UnderTest h1 = new H1UnderTest();

    /** @return what the proxy made of it for a client that asked with GET over HTTP/1.1 */
    Verdict check(byte[] bytes) {
        String wire = new String(bytes, ISO_8859_1);
        int turn = 0;
        Verdict verdict = null;
        List<List<byte[]>> ways = Pieces.waysOf(bytes);
        for (Client client : CLIENTS) {
            Outcome whole = null;
            for (List<byte[]> way : ways) {
                h1.poison(RequestOracle.STALE[turn++ % RequestOracle.STALE.length]);
                Outcome outcome = h1.response(way, client);
                if (whole == null) {
                    whole = outcome;
                    checkVerdict(wire, outcome, client);
                }
                assertThat(outcome.verdict()).as("cut or stale bytes").isEqualTo(whole.verdict());
                assertThat(outcome.why()).as("cut or stale bytes").isEqualTo(whole.why());
                assertThat(outcome.consumed()).as("cut").isEqualTo(whole.consumed());
                if (outcome.verdict() == Verdict.ACCEPTED) {
                    checkWritten(wire, outcome, client);
                }
            }
            verdict = verdict == null && whole != null ? whole.verdict() : verdict;
        }
        HeadBounds.check(bytes, h1::responseHead, h1);
        return verdict == null ? Verdict.UNFINISHED : verdict;
    }

    private static void checkVerdict(String wire, Outcome outcome, Client client) {
        List<Message> read = new ArrayList<>();
        try {
            readAll(wire, client, false, read);
            Message last = read.get(read.size() - 1);
            if (outcome.verdict() == Verdict.ACCEPTED) {
                assertThat(outcome.consumed()).as("end of the response").isEqualTo(last.end());
                return;
            }
        } catch (NotHttp e) {
            assertThat(outcome.verdict()).as(e.getMessage()).isNotEqualTo(Verdict.ACCEPTED);
            return;
        }
        assertThat(read)
                .as("a rule for refusing: " + outcome.why())
                .anyMatch(message -> StricterRule.ofResponse(wire, message).isPresent());
    }

    private static void checkWritten(String wire, Outcome outcome, Client client) {
        List<Message> read = new ArrayList<>();
        List<Message> written = new ArrayList<>();
        try {
            readAll(wire, client, false, read);
            readAll(outcome.out(), client, true, written);
        } catch (NotHttp e) {
            throw new AssertionError("the reference cannot read it", e);
        }
        if (!client.modern()) {
            // An HTTP/1.0 client knows no interim responses.
            read = List.of(read.get(read.size() - 1));
        }
        assertThat(written).as("interim responses and the final one").hasSameSizeAs(read);
        for (int i = 0; i < read.size(); i++) {
            checkOne(read.get(i), written.get(i), client);
        }
        assertThat(written.get(written.size() - 1).end())
                .as("nothing left over")
                .isEqualTo(outcome.out().length());

        List<NettyReader.Read> expected = written.stream()
                .map(message -> new NettyReader.Read(
                        message.start(), nettyFields(message), message.body(), message.trailers(), true))
                .toList();
        assertThat(NettyReader.responses(outcome.out(), client.isHead())).isEqualTo(expected);
    }

    /** Netty takes the coding off a message that has no content. */
    private static List<FieldLine> nettyFields(Message message) {
        return message.framing() == Framing.NONE
                ? Intention.without(message.fields(), Set.of("transfer-encoding"))
                : message.fields();
    }

    private static void checkOne(Message read, Message written, Client client) {
        assertThat(written.start())
                .containsExactly("HTTP/1.1", read.start().get(1), read.start().get(2));
        assertThat(Intention.without(written.fields(), WRITTEN_ANEW)).isEqualTo(Intention.passing(read));
        assertThat(written.body()).isEqualTo(read.body());
        boolean chunks = client.modern() && client.wantsTrailers() && written.framing() == Framing.CHUNKED;
        assertThat(written.trailers()).isEqualTo(chunks ? Intention.trailers(read) : List.of());
        if (!client.modern() || read.status() < 200) {
            assertThat(written.all("transfer-encoding")).isEmpty();
        }
        boolean length = !read.all("content-length").isEmpty() && read.status() >= 200 && read.status() != 204;
        assertThat(written.all("content-length")).hasSize(length ? 1 : 0);
        if (length && written.framing() == Framing.NONE) {
            // Of an answer to HEAD, or of a 304: the length of what is not sent.
            assertThat(written.first("content-length").orElseThrow())
                    .isEqualTo(read.first("content-length").orElseThrow().replaceFirst("^0+(?=.)", ""));
        }
        if (read.status() >= 200) {
            checkPersistence(written, client);
        }
    }

    private static void checkPersistence(Message written, Client client) {
        List<String> connection =
                written.all("connection").stream().map(FieldLine::value).toList();
        if (written.framing() == Framing.UNTIL_CLOSE) {
            assertThat(client.modern())
                    .as("only HTTP/1.0 needs the connection's end")
                    .isFalse();
            assertThat(connection).containsExactly("close");
        } else if (client.modern()) {
            assertThat(connection).isEmpty();
        } else {
            assertThat(connection).containsExactly("keep-alive");
        }
    }

    /** Reads interim responses up to and including the final one. */
    private static void readAll(String wire, Client client, boolean asSent, List<Message> into) throws NotHttp {
        int at = 0;
        Message read;
        do {
            ReferenceReader reader = asSent ? ReferenceReader.sent(wire, at) : ReferenceReader.received(wire, at);
            read = reader.response(client.isHead());
            into.add(read);
            at = read.end();
        } while (read.status() < 200 && read.status() != 101);
    }
}
