package io.scrimplb.proxy.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.scrimplb.proxy.spec.ProxyProtocol;
import io.scrimplb.proxy.transport.ProxyHeaderParser.Verdict;
import io.scrimplb.proxy.transport.ReferenceProxyHeader.Reading;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The PROXY header's two forms, against their description and against a reader that shares nothing with ours. */
class ProxyHeaderParserTest {
    private static final String PAYLOAD = "GET / HTTP/1.1\r\n";
    private static final long SEED = 20_261_126;
    private static final int MUTANTS = 60_000;

    private static Reading read(byte[] bytes, int pieceLength) {
        ProxyHeaderParser parser = new ProxyHeaderParser();
        int at = 0;
        while (true) {
            ByteBuf piece = Unpooled.wrappedBuffer(bytes, at, Math.min(pieceLength, bytes.length - at));
            Verdict verdict = parser.read(piece);
            at += piece.readerIndex();
            if (verdict == Verdict.NONE) {
                // The rest is still there, and the beginning is told.
                assertThat(parser.taken()).startsWith(Arrays.copyOf(bytes, at));
                return new Reading(verdict, "", at);
            }
            if (verdict == Verdict.HEADER) {
                return new Reading(verdict, said(parser.header()), at);
            }
            if (verdict == Verdict.MALFORMED || at == bytes.length) {
                return new Reading(verdict, "", verdict == Verdict.MALFORMED ? -1 : at);
            }
        }
    }

    private static String said(ProxyHeader header) {
        if (!header.relayed()) {
            return "local";
        }
        return header.client() == null ? "unknown" : text(header.client()) + " to " + text(header.destination());
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + "/" + address.getPort();
    }

    private static String readLine(String line) {
        Reading reading = read((line + "\r\n" + PAYLOAD).getBytes(ISO_8859_1), Integer.MAX_VALUE);
        return reading.verdict() == Verdict.HEADER
                ? reading.said()
                : reading.verdict().toString();
    }

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443, 192.0.2.7/56324 to 198.51.100.1/443",
        "PROXY TCP4 0.0.0.0 255.255.255.255 0 65535, 0.0.0.0/0 to 255.255.255.255/65535",
        "PROXY TCP6 2001:db8::7 2001:DB8::1 1 2, 2001:db8:0:0:0:0:0:7/1 to 2001:db8:0:0:0:0:0:1/2",
        "PROXY TCP6 :: ::1 1 2, 0:0:0:0:0:0:0:0/1 to 0:0:0:0:0:0:0:1/2",
        "PROXY TCP6 ::ffff:c000:207 ::1 1 2, 192.0.2.7/1 to 0:0:0:0:0:0:0:1/2",
        "PROXY TCP6 ::ffff:192.0.2.7 ::1 1 2, 192.0.2.7/1 to 0:0:0:0:0:0:0:1/2",
        "PROXY UNKNOWN, unknown",
        "PROXY UNKNOWN ffff::ffff ffff::ffff 65535 65535, unknown",
        "PROXY UNKNOWN whatever it says, unknown"
    })
    void aLineOfVersion1IsRead(String line, String said) {
        assertThat(readLine(line)).isEqualTo(said);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY ",
                "PROXY  TCP4 192.0.2.7 198.51.100.1 56324 443",
                "PROXY TCP4  192.0.2.7 198.51.100.1 56324 443",
                "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443 ",
                "PROXY TCP4 192.0.2.7 198.51.100.1 56324",
                "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443 1",
                "PROXY TCP4 192.0.2.7 198.51.100.1 056324 443",
                "PROXY TCP4 192.0.2.7 198.51.100.1 65536 443",
                "PROXY TCP4 192.0.2.7 198.51.100.1 -1 443",
                "PROXY TCP4 192.0.2.7 198.51.100.1 +1 443",
                "PROXY TCP4 192.0.2.7 198.51.100.1 1 44a",
                "PROXY TCP4 192.0.2.07 198.51.100.1 1 443",
                "PROXY TCP4 192.0.2 198.51.100.1 1 443",
                "PROXY TCP4 192.0.2.256 198.51.100.1 1 443",
                "PROXY TCP4 192.0.2.7. 198.51.100.1 1 443",
                "PROXY TCP4 0xc0.0.2.7 198.51.100.1 1 443",
                "PROXY TCP4 3221225991 198.51.100.1 1 443",
                "PROXY TCP4 ::1 ::1 1 443",
                "PROXY TCP4 a.test b.test 1 443",
                "PROXY TCP6 192.0.2.7 198.51.100.1 1 443",
                "PROXY TCP6 2001:db8::7 198.51.100.1 1 443",
                "PROXY TCP6 2001:db8::7::1 ::1 1 443",
                "PROXY TCP6 fe80::1%eth0 ::1 1 443",
                "PROXY TCP6 [::1] ::1 1 443",
                "PROXY TCP6 1:2:3:4:5:6:7 ::1 1 443",
                "PROXY TCP6 1:2:3:4:5:6:7:8:9 ::1 1 443",
                "PROXY TCP6 12345::1 ::1 1 443",
                "PROXY tcp4 192.0.2.7 198.51.100.1 1 443",
                "PROXY TCP5 192.0.2.7 198.51.100.1 1 443",
                "PROXY UDP4 192.0.2.7 198.51.100.1 1 443",
                "PROXY UNKNOWNS",
                "PROXY TCP4\t192.0.2.7 198.51.100.1 1 443",
                "PROXY TCP4 192.0.2.7 198.51.100.1 1 443\r",
                "PROXY TCP4 192.0.2.7 198.51.100.1 1 443\n",
                "PROXY / HTTP/1.1"
            })
    void aLineThatIsNotExactlyAsDescribedIsRefused(String line) {
        assertThat(readLine(line)).isEqualTo("MALFORMED");
    }

    @Test
    void aLineMayHave107BytesAndNotOneMore() {
        String longest = "PROXY UNKNOWN " + "x".repeat(91);

        assertThat(longest.length() + 2).isEqualTo(107);
        assertThat(readLine(longest)).isEqualTo("unknown");
        assertThat(readLine(longest + "x")).isEqualTo("MALFORMED");
        assertThat(read((longest + "xx").getBytes(ISO_8859_1), 1).verdict()).isEqualTo(Verdict.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "POST /",
                "PUT",
                "PRI * HTTP/2.0",
                "PROXYX",
                "\r\nGET /",
                "\r\n\r\n\r\n",
                "\026\003\001\002",
                "\0",
                "proxy TCP4"
            })
    void whatBeginsOtherwiseIsTheClients(String bytes) {
        for (int length = 1; length <= bytes.length(); length++) {
            Reading reading = read(bytes.getBytes(ISO_8859_1), length);
            assertThat(reading.verdict()).isEqualTo(Verdict.NONE);
        }
    }

    private static byte[] block(int command, int family, int length, byte[] rest) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("\r\n\r\n\0\r\nQUIT\n".getBytes(ISO_8859_1));
        out.write(command);
        out.write(family);
        out.write(length >> 8);
        out.write(length);
        out.writeBytes(rest);
        out.writeBytes(PAYLOAD.getBytes(ISO_8859_1));
        return out.toByteArray();
    }

    private static byte[] told(int bytes) {
        byte[] told = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            told[i] = (byte) (i + 1);
        }
        return told;
    }

    private static String readBlock(int command, int family, int length) {
        byte[] bytes = block(command, family, length, told(length));
        Reading reading = read(bytes, Integer.MAX_VALUE);
        if (reading.verdict() == Verdict.HEADER) {
            assertThat(reading.taken()).isEqualTo(bytes.length - PAYLOAD.length());
        }
        return reading.verdict() == Verdict.HEADER
                ? reading.said()
                : reading.verdict().toString();
    }

    @Test
    void aBlockOfVersion2IsReadToItsAnnouncedEnd() {
        String four = "1.2.3.4/2314 to 5.6.7.8/2828";
        String six = "102:304:506:708:90a:b0c:d0e:f10/8482 to 1112:1314:1516:1718:191a:1b1c:1d1e:1f20/8996";

        assertThat(readBlock(0x21, 0x11, 12)).isEqualTo(four);
        assertThat(readBlock(0x21, 0x11, 12 + 300)).isEqualTo(four);
        assertThat(readBlock(0x21, 0x21, 36)).isEqualTo(six);
        assertThat(readBlock(0x21, 0x21, 36 + 7)).isEqualTo(six);
        assertThat(readBlock(0x20, 0x00, 0)).isEqualTo("local");
        assertThat(readBlock(0x20, 0x11, 12)).isEqualTo("local");
        assertThat(readBlock(0x20, 0xff, 5)).isEqualTo("local");
        assertThat(readBlock(0x21, 0x00, 0)).isEqualTo("unknown");
        assertThat(readBlock(0x21, 0x00, 9)).isEqualTo("unknown");
        assertThat(readBlock(0x21, 0x12, 12)).as("datagrams").isEqualTo("unknown");
        assertThat(readBlock(0x21, 0x31, 216)).as("a local socket").isEqualTo("unknown");
    }

    @Test
    void aBlockThatIsNotAsDescribedIsRefusedAsSoonAsItsFixedPartIsThere() {
        assertThat(readBlock(0x11, 0x11, 12)).as("version 1").isEqualTo("MALFORMED");
        assertThat(readBlock(0x31, 0x11, 12)).as("version 3").isEqualTo("MALFORMED");
        assertThat(readBlock(0x22, 0x11, 12)).as("an unknown command").isEqualTo("MALFORMED");
        assertThat(readBlock(0x21, 0x41, 12)).as("an unknown family").isEqualTo("MALFORMED");
        assertThat(readBlock(0x21, 0x13, 12)).as("an unknown protocol").isEqualTo("MALFORMED");
        assertThat(readBlock(0x21, 0x11, 11)).as("too short for its addresses").isEqualTo("MALFORMED");
        assertThat(readBlock(0x21, 0x21, 35)).as("too short for its addresses").isEqualTo("MALFORMED");
        assertThat(readBlock(0x21, 0x31, 215)).as("too short for its addresses").isEqualTo("MALFORMED");
        assertThat(readBlock(0x21, 0x11, ProxyHeaderParser.MAX_V2_BYTES - 16))
                .isEqualTo("1.2.3.4/2314 to 5.6.7.8/2828");
        assertThat(readBlock(0x21, 0x11, ProxyHeaderParser.MAX_V2_BYTES - 15)).isEqualTo("MALFORMED");
        assertThat(readBlock(0x20, 0x00, 65_535)).isEqualTo("MALFORMED");
    }

    @ParameterizedTest
    @EnumSource(
            value = ProxyProtocol.class,
            names = {"V1", "V2"})
    void whatWeWriteWeRead(ProxyProtocol version) {
        assertThat(written(version, "192.0.2.7", "198.51.100.1")).isEqualTo("192.0.2.7/56324 to 198.51.100.1/443");
        assertThat(written(version, "2001:db8::7", "2001:db8::1"))
                .isEqualTo("2001:db8:0:0:0:0:0:7/56324 to 2001:db8:0:0:0:0:0:1/443");
        assertThat(written(version, "192.0.2.7", "2001:db8::1"))
                .isEqualTo("192.0.2.7/56324 to 2001:db8:0:0:0:0:0:1/443");
        assertThat(written(version, "2001:db8::7", "198.51.100.1"))
                .isEqualTo("2001:db8:0:0:0:0:0:7/56324 to 198.51.100.1/443");
        byte[] unknown = ProxyHeader.encode(version, new ClientAddresses(null, null, false));
        assertThat(read(unknown, Integer.MAX_VALUE)).isEqualTo(new Reading(Verdict.HEADER, "unknown", unknown.length));
    }

    private static String written(ProxyProtocol version, String client, String local) {
        byte[] bytes = ProxyHeader.encode(
                version,
                new ClientAddresses(new InetSocketAddress(client, 56_324), new InetSocketAddress(local, 443), false));
        Reading reading = read(bytes, Integer.MAX_VALUE);
        assertThat(reading.taken()).isEqualTo(bytes.length);
        return reading.said();
    }

    @Test
    void twoFamiliesAreWrittenAsTheDescriptionHasThem() {
        byte[] line = ProxyHeader.encode(
                ProxyProtocol.V1,
                new ClientAddresses(
                        new InetSocketAddress("192.0.2.7", 56_324), new InetSocketAddress("::1", 443), false));

        assertThat(new String(line, ISO_8859_1))
                .isEqualTo("PROXY TCP6 0:0:0:0:0:ffff:c000:207 0:0:0:0:0:0:0:1 56324 443\r\n");
    }

    @Test
    void changedHeadersAreReadAsAnotherReaderDoesHoweverTheyAreCut() {
        List<byte[]> seeds = new ArrayList<>();
        for (String line : List.of(
                "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n",
                "PROXY TCP6 2001:db8::7 ::ffff:192.0.2.1 1 65535\r\n",
                "PROXY UNKNOWN\r\n",
                "PROXY UNKNOWN ffff:ffff ffff 65535 65535\r\n")) {
            seeds.add((line + PAYLOAD).getBytes(ISO_8859_1));
        }
        seeds.add(block(0x21, 0x11, 12, told(12)));
        seeds.add(block(0x21, 0x21, 36 + 9, told(36 + 9)));
        seeds.add(block(0x20, 0x00, 0, told(0)));
        seeds.add(block(0x21, 0x31, 216, told(216)));
        Random random = new Random(SEED);
        int headers = 0;
        for (int i = 0; i < MUTANTS; i++) {
            byte[] changed = changed(seeds.get(random.nextInt(seeds.size())), random);
            Reading whole = read(changed, Integer.MAX_VALUE);
            assertThat(whole).as(() -> describe(changed)).isEqualTo(ReferenceProxyHeader.read(changed));
            assertThat(read(changed, 1 + random.nextInt(7)))
                    .as(() -> "in pieces: " + describe(changed))
                    .isEqualTo(whole);
            headers += whole.verdict() == Verdict.HEADER ? 1 : 0;
        }
        assertThat(headers).as("mutants that are still headers").isBetween(MUTANTS / 20, MUTANTS * 19 / 20);
    }

    private static String describe(byte[] bytes) {
        return "seed " + SEED + ": " + HexFormat.of().formatHex(bytes);
    }

    private static byte[] changed(byte[] seed, Random random) {
        byte[] pieces = "\r\n 0159.:afPU\0\021\041\377".getBytes(ISO_8859_1);
        byte[] bytes = seed;
        for (int changes = random.nextInt(3); changes >= 0; changes--) {
            int at = random.nextInt(Math.min(bytes.length, 64));
            int removed = random.nextInt(3);
            int added = random.nextInt(3);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(bytes, 0, at);
            for (int i = 0; i < added; i++) {
                out.write(pieces[random.nextInt(pieces.length)]);
            }
            int from = Math.min(bytes.length, at + removed);
            out.write(bytes, from, bytes.length - from);
            bytes = out.size() == 0 ? bytes : out.toByteArray();
        }
        return bytes;
    }
}
