package io.scrimplb.app.accesslog;

import io.scrimplb.proxy.telemetry.AccessRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code client - - [time] "method path proto" status bytes "referer" "user agent"}. The referer is not recorded and
 * always {@code -}; the size is that of the whole response, head included. Quotes, backslashes and everything outside
 * printable ASCII are written as {@code \xHH}, as nginx does, so that nobody can forge a line.
 */
final class CombinedLineFormat implements LineFormat {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private final StringBuilder line = new StringBuilder(256);

    @Override
    public byte[] line(AccessRecord accessRecord) {
        line.setLength(0);
        line.append(accessRecord.clientAddress().getHostAddress()).append(" - - [");
        TIME.formatTo(Instant.ofEpochMilli(accessRecord.startMillis()), line);
        line.append("] \"");
        if (accessRecord.method() == null) {
            line.append('-');
        } else {
            escape(accessRecord.method());
            line.append(' ');
            escape(accessRecord.path());
            line.append(' ');
            escape(accessRecord.protocol());
        }
        line.append("\" ").append(accessRecord.status()).append(' ').append(accessRecord.bytesOut());
        line.append(" \"-\" \"");
        escape(accessRecord.userAgent());
        line.append("\"\n");
        return line.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private void escape(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            line.append('-');
            return;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
                line.append(c);
            } else if (c < 0x100) {
                hex(c);
            } else {
                hex(c >> 8);
                hex(c & 0xff);
            }
        }
    }

    private void hex(int octet) {
        line.append("\\x").append(HEX[octet >> 4]).append(HEX[octet & 0xf]);
    }
}
