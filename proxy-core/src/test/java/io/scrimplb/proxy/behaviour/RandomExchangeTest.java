package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.ProxyOptions.Transport;
import io.scrimplb.proxy.partners.BodyBytes;
import io.scrimplb.proxy.partners.ChunkedOutput;
import io.scrimplb.proxy.partners.HttpOrigin;
import io.scrimplb.proxy.partners.MessageBody.Framing;
import io.scrimplb.proxy.partners.OriginExchange;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RawResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Pipelines of requests of every kind, cut anywhere, answered in every framing: each answer is the right one and whole.
 * Seeded; the seed is part of every failure.
 */
@Timeout(120)
class RandomExchangeTest {
    private static final long SEED = 4711;
    private static final int CONNECTIONS = 40;
    private static final int REQUESTS = 25;
    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "HEAD", "DELETE");

    /** How the origin is to answer: told in the target, so that it needs no memory. */
    private enum Answer {
        LENGTH,
        CHUNKED,
        CLOSE,
        EMPTY,
        HINTED
    }

    private record Planned(String method, String target, byte[] body, boolean chunked, Answer answer, int size) {}

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    @EveryTransport
    void everyAnswerIsTheRightOneAndWhole(Transport transport) throws Exception {
        HttpOrigin one = proxy.with(HttpOrigin.start(RandomExchangeTest::answer));
        HttpOrigin two = proxy.with(HttpOrigin.start(RandomExchangeTest::answer));
        proxy.on(transport).loops(2).start(SpecBuilder.webTo(one.address(), two.address()));
        Random random = new Random(SEED);

        for (int connection = 0; connection < CONNECTIONS; connection++) {
            List<Planned> plan = plan(random, connection);
            exchange(plan, random, "seed " + SEED + ", connection " + connection);
        }
    }

    private static List<Planned> plan(Random random, int connection) {
        List<Planned> plan = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            String method = METHODS.get(random.nextInt(METHODS.size()));
            boolean carries = method.startsWith("P");
            byte[] body = carries ? BodyBytes.of(random.nextLong(), size(random)) : new byte[0];
            Answer answer = Answer.values()[random.nextInt(Answer.values().length)];
            int size = size(random);
            String target = "/" + answer + "/" + size + "/" + connection + "." + i;
            plan.add(new Planned(method, target, body, carries && random.nextBoolean(), answer, size));
        }
        return plan;
    }

    /** Mostly small, at times over every buffer on the way. */
    private static int size(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> random.nextInt(300_000);
            case 2, 3 -> random.nextInt(20_000);
            default -> random.nextInt(200);
        };
    }

    private void exchange(List<Planned> plan, Random random, String context) throws Exception {
        byte[] requests = bytes(plan);
        int[] cuts = random.ints(30, 0, requests.length).sorted().toArray();
        RawClient client = proxy.client();
        Thread writer = new Thread(() -> {
            try {
                int from = 0;
                for (int cut : cuts) {
                    client.send(Arrays.copyOfRange(requests, from, cut));
                    from = cut;
                }
                client.send(Arrays.copyOfRange(requests, from, requests.length));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        writer.setDaemon(true);
        writer.start();
        for (Planned planned : plan) {
            RawResponse response = client.response(planned.method());
            String told = context + ": " + planned.method() + " " + planned.target();
            assertThat(response.status()).as(told).isEqualTo(planned.answer() == Answer.EMPTY ? 204 : 200);
            assertThat(response.head().value("X-Got"))
                    .as(told)
                    .isEqualTo(planned.target() + " " + BodyBytes.digest(planned.body()));
            assertThat(response.complete()).as(told).isTrue();
            if (response.framing() != Framing.NONE) {
                assertThat(BodyBytes.digest(response.body()))
                        .as(told)
                        .isEqualTo(BodyBytes.digest(planned.size(), planned.size()));
            }
        }
        client.close();
    }

    private static byte[] bytes(List<Planned> plan) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Planned planned : plan) {
            String framing = planned.chunked()
                    ? "Transfer-Encoding: chunked\r\n"
                    : planned.method().startsWith("P") ? "Content-Length: " + planned.body().length + "\r\n" : "";
            out.write((planned.method() + " " + planned.target() + " HTTP/1.1\r\nHost: a.test\r\n" + framing + "\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            if (planned.chunked()) {
                ChunkedOutput chunks = new ChunkedOutput(out);
                int half = planned.body().length / 2;
                chunks.write(planned.body(), 0, half);
                chunks.write(planned.body(), half, planned.body().length - half);
                chunks.finish();
            } else {
                out.write(planned.body());
            }
        }
        return out.toByteArray();
    }

    private static void answer(OriginExchange exchange) throws IOException {
        String[] parts = exchange.target().split("/");
        Answer answer = Answer.valueOf(parts[1]);
        int size = Integer.parseInt(parts[2]);
        String got = "X-Got: " + exchange.target() + " " + BodyBytes.digest(exchange.body()) + "\r\n";
        boolean head = exchange.method().equals("HEAD");
        switch (answer) {
            case EMPTY -> exchange.raw("HTTP/1.1 204 No Content\r\n" + got + "\r\n");
            case CHUNKED -> {
                exchange.raw("HTTP/1.1 200 OK\r\n" + got + "Transfer-Encoding: chunked\r\n\r\n");
                if (!head) {
                    ChunkedOutput chunks = new ChunkedOutput(exchange.out());
                    BodyBytes.write(chunks, size, size);
                    chunks.finish();
                }
            }
            case CLOSE -> {
                // Nothing but this tells the end of the connection behind a response without a body.
                exchange.raw("HTTP/1.1 200 OK\r\n" + got + (head ? "Connection: close\r\n" : "") + "\r\n");
                if (!head) {
                    BodyBytes.write(exchange.out(), size, size);
                }
                exchange.closeAfterwards();
            }
            default -> {
                String hint = answer == Answer.HINTED ? "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" : "";
                exchange.raw(hint + "HTTP/1.1 200 OK\r\n" + got + "Content-Length: " + size + "\r\n\r\n");
                if (!head) {
                    BodyBytes.write(exchange.out(), size, size);
                }
            }
        }
    }
}
