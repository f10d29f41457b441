package io.scrimplb.proxy.h1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.h1.H1UnderTest.Outcome;
import io.scrimplb.proxy.h1.H1UnderTest.Verdict;
import io.scrimplb.proxy.h1.reference.Authority;
import io.scrimplb.proxy.h1.reference.FieldLine;
import io.scrimplb.proxy.h1.reference.Message;
import io.scrimplb.proxy.h1.reference.Message.Framing;
import io.scrimplb.proxy.h1.reference.NotHttp;
import io.scrimplb.proxy.h1.reference.ReferenceReader;
import io.scrimplb.proxy.http.RequestHead;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Holds what the proxy makes of the bytes of a request to what two other readers make of them: it accepts nothing that the
 * reference refuses, refuses beyond that only after a {@link StricterRule}, and what it writes is to the reference and to Netty
 * the one request that was meant. However the bytes are cut and whatever lay in the head's array before.
 */
final class RequestOracle {
    /** What may lie behind a head: bytes that would end, go on with, or break what came before. */
    static final byte[] STALE = {0, 'a', ':', '\r', '\n', ' ', (byte) 0x80};

    private final H1UnderTest h1 = new H1UnderTest();

    /** @return what the proxy made of it */
    Verdict check(byte[] bytes) {
        String wire = new String(bytes, ISO_8859_1);
        Outcome whole = null;
        int turn = 0;
        for (List<byte[]> way : Pieces.waysOf(bytes)) {
            for (boolean trusted : new boolean[] {false, true}) {
                h1.poison(STALE[turn++ % STALE.length]);
                Outcome outcome = h1.request(way, trusted);
                if (whole == null) {
                    whole = outcome;
                    checkVerdict(wire, outcome);
                }
                assertThat(outcome.verdict()).as("cut or stale bytes").isEqualTo(whole.verdict());
                if (bytes.length < RequestHead.MAX_TARGET_BYTES) {
                    // Beyond it a limit may be noticed before what else is wrong.
                    assertThat(outcome.why()).as("cut or stale bytes").isEqualTo(whole.why());
                }
                assertThat(outcome.consumed()).as("cut").isEqualTo(whole.consumed());
                if (outcome.verdict() == Verdict.ACCEPTED) {
                    checkWritten(wire, outcome, trusted);
                }
            }
        }
        HeadBounds.check(bytes, h1::requestHead, h1);
        return whole == null ? Verdict.UNFINISHED : whole.verdict();
    }

    private static void checkVerdict(String wire, Outcome outcome) {
        try {
            Message read = ReferenceReader.received(wire, 0).request();
            if (outcome.verdict() == Verdict.ACCEPTED) {
                assertThat(outcome.consumed()).as("end of the request").isEqualTo(read.end());
            } else {
                assertThat(StricterRule.ofRequest(wire, read))
                        .as("the rule for refusing: " + outcome.why())
                        .isPresent();
            }
        } catch (NotHttp e) {
            assertThat(outcome.verdict()).as(e.getMessage()).isNotEqualTo(Verdict.ACCEPTED);
        }
    }

    private static void checkWritten(String wire, Outcome outcome, boolean trusted) {
        Message read = read(ReferenceReader.received(wire, 0));
        Message written = read(ReferenceReader.sent(outcome.out(), 0));
        assertThat(written.end())
                .as("nothing left over")
                .isEqualTo(outcome.out().length());
        assertThat(written.start())
                .containsExactly(read.method(), Authority.originForm(read.method(), read.target()), "HTTP/1.1");
        checkLines(read, written, trusted);
        assertThat(written.body()).isEqualTo(read.body());
        List<FieldLine> trailers = Intention.kept(read, "trailer").isEmpty() ? List.of() : Intention.trailers(read);
        assertThat(written.trailers()).isEqualTo(trailers);
        if (read.framing() != Framing.CHUNKED) {
            assertThat(written.framing()).isEqualTo(read.framing());
        }

        List<NettyReader.Read> netty = NettyReader.requests(outcome.out());
        assertThat(netty)
                .containsExactly(new NettyReader.Read(
                        written.start(), written.fields(), written.body(), written.trailers(), true));
    }

    private static void checkLines(Message read, Message written, boolean trusted) {
        Map<String, List<String>> anew = Intention.writtenAnew(read, trusted);
        anew.forEach((name, values) -> {
            List<String> found =
                    written.all(name).stream().map(FieldLine::value).toList();
            if (values.equals(List.of(Intention.ANY_ID))) {
                assertThat(found).as(name).hasSize(1);
                assertThat(found.get(0)).as(name).matches(Intention.ANY_ID);
            } else {
                assertThat(found).as(name).isEqualTo(values);
            }
        });
        Set<String> names = new TreeSet<>(anew.keySet());
        assertThat(Intention.without(written.fields(), names)).isEqualTo(Intention.passing(read, trusted));
    }

    private static Message read(ReferenceReader reader) {
        try {
            return reader.request();
        } catch (NotHttp e) {
            throw new AssertionError("the reference cannot read it", e);
        }
    }
}
