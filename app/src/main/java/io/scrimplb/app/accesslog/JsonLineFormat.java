package io.scrimplb.app.accesslog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.scrimplb.proxy.telemetry.AccessRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * The fields of the contract, all of them on every line, {@code null} where there is nothing to say; {@code tls} on lines of
 * clients that came by TLS only. {@code ts} is RFC
 * 3339 in UTC with milliseconds, the start of the exchange; {@code t_*} are seconds with microseconds, as nginx and
 * Caddy count them. Everything outside ASCII is escaped, so that no client can write control characters into a terminal.
 */
final class JsonLineFormat implements LineFormat {
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final int MICRO_DIGITS = 6;
    private static final long NANOS_PER_MICRO = 1_000;

    private final JsonFactory json =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(1024);

    @Override
    public byte[] line(AccessRecord accessRecord) throws IOException {
        buffer.reset();
        try (JsonGenerator out = json.createGenerator(buffer)) {
            out.writeStartObject();
            out.writeStringField("ts", TIMESTAMP.format(Instant.ofEpochMilli(accessRecord.startMillis())));
            text(out, "app", accessRecord.application());
            text(out, "host", accessRecord.host());
            text(out, "method", accessRecord.method());
            text(out, "path", accessRecord.path());
            text(out, "proto", accessRecord.protocol());
            out.writeNumberField("status", accessRecord.status());
            out.writeNumberField("bytes_in", accessRecord.bytesIn());
            out.writeNumberField("bytes_out", accessRecord.bytesOut());
            out.writeStringField("client_ip", accessRecord.clientAddress().getHostAddress());
            text(out, "backend", address(accessRecord.backend()));
            seconds(out, "t_connect", accessRecord.connectNanos());
            seconds(out, "t_first_byte", accessRecord.firstByteNanos());
            seconds(out, "t_total", accessRecord.totalNanos());
            out.writeNumberField("retries", accessRecord.retries());
            text(
                    out,
                    "error",
                    accessRecord.error() == null ? null : accessRecord.error().label());
            text(out, "request_id", accessRecord.requestId());
            text(out, "user_agent", accessRecord.userAgent());
            if (accessRecord.tls() != null) {
                out.writeStringField("tls", accessRecord.tls());
            }
            out.writeEndObject();
            out.writeRaw('\n');
        }
        return buffer.toByteArray();
    }

    private static void text(JsonGenerator out, String name, @Nullable String value) throws IOException {
        if (value == null) {
            out.writeNullField(name);
        } else {
            out.writeStringField(name, value);
        }
    }

    private static void seconds(JsonGenerator out, String name, long nanos) throws IOException {
        if (nanos < 0) {
            out.writeNullField(name);
        } else {
            // Never in scientific notation, which a float would be for short times.
            out.writeFieldName(name);
            out.writeNumber(
                    BigDecimal.valueOf(nanos / NANOS_PER_MICRO, MICRO_DIGITS).toPlainString());
        }
    }

    private static @Nullable String address(@Nullable InetSocketAddress address) {
        if (address == null) {
            return null;
        }
        String host = address.getAddress() == null
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
