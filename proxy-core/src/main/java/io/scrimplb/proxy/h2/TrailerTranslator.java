package io.scrimplb.proxy.h2;

import io.scrimplb.proxy.http.MalformedBodyException;
import io.scrimplb.proxy.http.TrailerFields;
import java.io.ByteArrayOutputStream;

/** Puts the trailer section of a stream (RFC 9113, 8.1) into lines, and keeps those that may pass. */
final class TrailerTranslator {
    private TrailerTranslator() {}

    /** @return the lines that may pass, each with its CRLF; may be empty */
    static byte[] lines(FieldSection in) throws MalformedBodyException {
        ByteArrayOutputStream section = new ByteArrayOutputStream(in.length + FieldSection.LINE_BYTES * (in.count + 1));
        for (int i = 0; i < in.count; i++) {
            int from = in.nameStart[i];
            int to = in.valueStart[i];
            // A pseudo-header field is refused with its colon, which is no character of a name.
            String fault = FieldRules.name(in.bytes, from, to);
            if (fault == null) {
                fault = FieldRules.connectionSpecific(in.bytes, from, to)
                        ? "a field that concerns an HTTP/1.x connection"
                        : FieldRules.value(in.bytes, to, in.valueEnd[i]);
            }
            if (fault != null) {
                throw new MalformedBodyException("trailer: " + fault);
            }
            section.write(in.bytes, from, to - from);
            section.write(':');
            section.write(' ');
            section.write(in.bytes, to, in.valueEnd[i] - to);
            section.write('\r');
            section.write('\n');
        }
        section.write('\r');
        section.write('\n');
        return TrailerFields.allowed(section.toByteArray());
    }
}
