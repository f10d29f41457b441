package io.scrimplb.app.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.scrimplb.proxy.telemetry.AccessRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineFormatTest {
    private static final List<String> HOSTILE =
            List.of("\n", "\r\n", "\"", "\\", "\u001b[31m", "\u0085", "\u2028", "é");

    private static String line(LineFormat format, AccessRecord accessRecord) throws IOException {
        return new String(format.line(accessRecord), StandardCharsets.UTF_8);
    }

    @Test
    void aJsonLineHasTheFieldsOfTheContractInTheirOrder() throws IOException {
        assertThat(line(new JsonLineFormat(), Records.full("/a?b=c", "curl/8")))
                .isEqualTo("{\"ts\":\"2026-11-21T01:02:03.456Z\",\"app\":\"blog\",\"host\":\"blog.example.com\","
                        + "\"method\":\"GET\",\"path\":\"/a?b=c\",\"proto\":\"HTTP/1.1\",\"status\":200,"
                        + "\"bytes_in\":120,\"bytes_out\":4567,\"client_ip\":\"127.0.0.1\","
                        + "\"backend\":\"10.0.0.3:3000\",\"t_connect\":0.000000,\"t_first_byte\":0.001234,"
                        + "\"t_total\":12.345678,\"retries\":1,\"error\":null,\"request_id\":\"req-1\","
                        + "\"user_agent\":\"curl/8\"}\n");
    }

    @Test
    void everyFieldStandsOnThePageInThatOrderTheVersionOfTlsLast() throws IOException {
        JsonNode json = new ObjectMapper().readTree(line(new JsonLineFormat(), Records.full("/", "curl/8", "TLSv1.3")));
        List<String> rows = new ArrayList<>();
        json.fieldNames().forEachRemaining(field -> rows.add("| `" + field + "` |"));

        assertThat(json.path("tls").asText()).isEqualTo("TLSv1.3");
        assertThat(Files.readString(Path.of("docs", "access-log.md"))).containsSubsequence(rows);
    }

    @Test
    void whatThereIsNothingToSayAboutIsNull() throws IOException {
        JsonNode json = new ObjectMapper().readTree(line(new JsonLineFormat(), Records.incomplete()));
        for (String field : List.of("app", "host", "method", "path", "backend", "t_connect", "t_first_byte")) {
            assertThat(json.get(field).isNull()).as(field).isTrue();
        }
        assertThat(json.get("error").asText()).isEqualTo("bad-request");
        assertThat(json.get("t_total").decimalValue()).isEqualByComparingTo("0");
    }

    @Test
    void aCombinedLineIsWhatToolsExpect() throws IOException {
        assertThat(line(new CombinedLineFormat(), Records.full("/a?b=c", "curl/8")))
                .isEqualTo("127.0.0.1 - - [21/Nov/2026:01:02:03 +0000] \"GET /a?b=c HTTP/1.1\" 200 4567 \"-\""
                        + " \"curl/8\"\n");
        assertThat(line(new CombinedLineFormat(), Records.incomplete()))
                .isEqualTo("127.0.0.1 - - [21/Nov/2026:01:02:03 +0000] \"-\" 400 0 \"-\" \"-\"\n");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nobodyCanForgeALineOrWriteIntoATerminal(boolean json) throws IOException {
        LineFormat format = json ? new JsonLineFormat() : new CombinedLineFormat();
        for (String hostile : HOSTILE) {
            String line = line(format, Records.full("/" + hostile, "ua" + hostile + "end"));
            assertThat(line.substring(0, line.length() - 1)).matches("[\\x20-\\x7e]*");
            assertThat(line).endsWith("\n");
            if (json) {
                assertThat(new ObjectMapper().readTree(line).get("user_agent").asText())
                        .isEqualTo("ua" + hostile + "end");
            } else {
                assertThat(line.chars().filter(c -> c == '"').count()).isEqualTo(6);
            }
        }
    }
}
