package io.scrimplb.seed.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.scrimplb.seed.LocalHttp;
import io.scrimplb.seed.Race;
import io.scrimplb.seed.SeedConflictException;
import io.scrimplb.seed.SeedCorruptException;
import io.scrimplb.seed.SeedException;
import io.scrimplb.seed.SeedSet;
import io.scrimplb.seed.SeedVersion;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
final class HttpSeedProviderTest {
    private static HttpSeedProvider at(LocalHttp server, boolean writable) {
        return new HttpSeedProvider(URI.create(server.url() + "/seeds?key=k"), Optional.of("t0ken"), writable);
    }

    /** An object with ETags and conditions, as a WebDAV server has it. */
    private static final class Resource implements LocalHttp.Answers {
        private byte[] content = {};
        private int version;

        @Override
        public synchronized void answer(HttpExchange exchange) throws IOException {
            String tag = "\"" + version + "\"";
            if (!"Bearer t0ken".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                LocalHttp.text(exchange, 401, "");
            } else if (exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("ETag", tag);
                LocalHttp.text(exchange, version == 0 ? 404 : 200, new String(content));
            } else {
                String match = exchange.getRequestHeaders().getFirst("If-Match");
                String none = exchange.getRequestHeaders().getFirst("If-None-Match");
                boolean fits = version == 0 ? "*".equals(none) : tag.equals(match);
                if (fits) {
                    content = exchange.getRequestBody().readAllBytes();
                    version++;
                }
                LocalHttp.text(exchange, fits ? 204 : 412, "");
            }
        }
    }

    @Test
    void concurrentWritersLoseNothing() throws Exception {
        try (LocalHttp server = new LocalHttp(new Resource())) {
            assertThat(at(server, true).seeds()).isEmpty();
            Race.loseNothing(at(server, true), 4);
            assertThatThrownBy(() -> at(server, true).write(SeedSet.empty(), new SeedVersion.Absent()))
                    .isInstanceOf(SeedConflictException.class);
        }
    }

    @Test
    void withoutLeaveToWriteThereIsNoStore() throws Exception {
        try (LocalHttp server = new LocalHttp(new Resource())) {
            assertThat(at(server, false).store()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"401,token", "403,token", "302,https://elsewhere/", "500,500", "405,405"})
    void aRefusalIsOneLineThatSaysWhatToDo(int status, String word) throws Exception {
        try (LocalHttp server = new LocalHttp(exchange -> {
            exchange.getResponseHeaders().set("Location", "https://elsewhere/");
            LocalHttp.text(exchange, status, "");
        })) {
            assertThatThrownBy(() -> at(server, true).seeds())
                    .isInstanceOf(SeedException.class)
                    .message()
                    .contains(word)
                    .doesNotContain("\n", "key=k", "t0ken");
            assertThat(server.requests).hasSize(1);
        }
    }

    @Test
    void anEndlessBodyIsCutOff() throws Exception {
        try (LocalHttp server = new LocalHttp(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] block = new byte[64 * 1024];
            for (int i = 0; i < 1000; i++) {
                exchange.getResponseBody().write(block);
            }
        })) {
            assertThatThrownBy(() -> at(server, true).seeds())
                    .isInstanceOf(SeedCorruptException.class)
                    .hasMessageContaining("larger than");
        }
    }

    @Test
    void nobodyThereIsOneLine() throws Exception {
        LocalHttp gone = new LocalHttp(exchange -> {});
        gone.close();
        assertThatThrownBy(() -> at(gone, true).seeds())
                .isInstanceOf(SeedException.class)
                .hasMessage("GET " + gone.url() + "/seeds: connection refused or unreachable");
    }
}
