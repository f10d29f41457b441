package io.scrimplb.proxy.h1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.h1.H1UnderTest.Outcome;
import io.scrimplb.proxy.h1.H1UnderTest.Verdict;
import io.scrimplb.proxy.h1.reference.FieldLine;
import io.scrimplb.proxy.h1.reference.Message;
import io.scrimplb.proxy.h1.reference.NotHttp;
import io.scrimplb.proxy.h1.reference.ReferenceReader;
import java.util.List;

/**
 * Holds a chunked body, with and without its framing and trailers, to what the reference and Netty read; see
 * {@link RequestOracle}. However it is cut, the same bytes go on, up to the same place.
 */
final class ChunkedOracle {
    private static final String HEAD = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

    private final H1UnderTest h1 = new H1UnderTest();

    /** @return what the proxy made of it */
    Verdict check(byte[] bytes) {
        String wire = new String(bytes, ISO_8859_1);
        Verdict verdict = check(wire, bytes, true, true);
        assertThat(check(wire, bytes, true, false)).isEqualTo(verdict);
        assertThat(check(wire, bytes, false, false)).isEqualTo(verdict);
        return verdict;
    }

    private Verdict check(String wire, byte[] bytes, boolean framing, boolean trailers) {
        Outcome whole = null;
        for (List<byte[]> way : Pieces.waysOf(bytes)) {
            Outcome outcome = h1.chunked(way, framing, trailers);
            if (whole == null) {
                whole = outcome;
                checkOne(wire, outcome, framing, trailers);
            }
            assertThat(outcome.verdict()).as("cut").isEqualTo(whole.verdict());
            assertThat(outcome.consumed()).as("cut").isEqualTo(whole.consumed());
            if (outcome.verdict() == Verdict.REFUSED) {
                // What came before in pieces of its own has gone on already.
                assertThat(outcome.out()).startsWith(whole.out());
            } else {
                assertThat(outcome.out()).as("cut").isEqualTo(whole.out());
            }
        }
        return whole.verdict();
    }

    private static void checkOne(String wire, Outcome outcome, boolean framing, boolean trailers) {
        Message read;
        try {
            read = ReferenceReader.received(wire, 0).chunked();
        } catch (NotHttp e) {
            assertThat(outcome.verdict()).as(e.getMessage()).isNotEqualTo(Verdict.ACCEPTED);
            return;
        }
        if (outcome.verdict() != Verdict.ACCEPTED) {
            assertThat(StricterRule.ofBody(wire, read))
                    .as("the rule for refusing: " + outcome.why())
                    .isPresent();
            return;
        }
        assertThat(outcome.consumed()).as("end of the body").isEqualTo(read.end());
        if (!framing) {
            assertThat(outcome.out()).isEqualTo(read.body());
            return;
        }
        List<FieldLine> kept = trailers ? Intention.trailers(read) : List.of();
        Message written;
        try {
            written = ReferenceReader.sent(outcome.out(), 0).chunked();
        } catch (NotHttp e) {
            throw new AssertionError("the reference cannot read it", e);
        }
        assertThat(written.end())
                .as("nothing left over")
                .isEqualTo(outcome.out().length());
        assertThat(written.body()).isEqualTo(read.body());
        assertThat(written.trailers()).isEqualTo(kept);

        List<NettyReader.Read> netty = NettyReader.requests(HEAD + outcome.out());
        assertThat(netty).hasSize(1);
        assertThat(netty.get(0).ended()).as("ended").isTrue();
        assertThat(netty.get(0).body()).isEqualTo(read.body());
        assertThat(netty.get(0).trailers()).isEqualTo(kept);
    }
}
