package io.scrimplb.proxy.partners;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** The body of one message, framed as its head says (RFC 9112 section 6.3); throws EOFException when it is cut short. */
public final class MessageBody extends InputStream {
    /** How the end of a body is found. */
    public enum Framing {
        NONE,
        LENGTH,
        CHUNKED,
        UNTIL_CLOSE
    }

    private final WireReader reader;
    private final Framing framing;
    private final List<String> trailers = new ArrayList<>();
    private final List<String> chunkLines = new ArrayList<>();
    private long remaining;
    private boolean ended;

    private MessageBody(WireReader reader, Framing framing, long length) {
        this.reader = reader;
        this.framing = framing;
        this.remaining = length;
        this.ended = framing == Framing.NONE || framing == Framing.LENGTH && length == 0;
    }

    public static MessageBody ofRequest(MessageHead head, WireReader reader) {
        if (head.has("Transfer-Encoding")) {
            return new MessageBody(reader, Framing.CHUNKED, 0);
        }
        return head.first("Content-Length")
                .map(length -> new MessageBody(reader, Framing.LENGTH, Long.parseLong(length)))
                .orElseGet(() -> new MessageBody(reader, Framing.NONE, 0));
    }

    public static MessageBody ofResponse(String requestMethod, MessageHead head, WireReader reader) {
        int status = head.status();
        if (requestMethod.equals("HEAD") || status < 200 || status == 204 || status == 304) {
            return new MessageBody(reader, Framing.NONE, 0);
        }
        if (head.has("Transfer-Encoding")) {
            return new MessageBody(reader, Framing.CHUNKED, 0);
        }
        return head.first("Content-Length")
                .map(length -> new MessageBody(reader, Framing.LENGTH, Long.parseLong(length)))
                .orElseGet(() -> new MessageBody(reader, Framing.UNTIL_CLOSE, 0));
    }

    public Framing framing() {
        return framing;
    }

    /** Trailer lines as {@code Name: value}; complete once the body has ended. */
    public List<String> trailers() {
        return List.copyOf(trailers);
    }

    /** The chunk-size lines with their extensions, as they came. */
    public List<String> chunkLines() {
        return List.copyOf(chunkLines);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (framing == Framing.CHUNKED && remaining == 0 && !ended) {
            nextChunk();
        }
        if (ended) {
            return -1;
        }
        int wanted = framing == Framing.UNTIL_CLOSE ? length : (int) Math.min(length, remaining);
        int count = reader.read(target, offset, wanted);
        if (framing == Framing.UNTIL_CLOSE) {
            ended = count < 0;
            return count;
        }
        if (count < 0) {
            throw new EOFException("the body was cut short (" + framing + ", " + remaining + " bytes missing)");
        }
        remaining -= count;
        if (remaining == 0) {
            if (framing == Framing.CHUNKED) {
                expectEmpty(reader.line());
            } else {
                ended = true;
            }
        }
        return count;
    }

    private void nextChunk() throws IOException {
        String line = reader.line();
        chunkLines.add(line);
        int extension = line.indexOf(';');
        remaining = Long.parseLong(extension < 0 ? line : line.substring(0, extension), 16);
        if (remaining > 0) {
            return;
        }
        ended = true;
        for (String trailer = reader.line(); !trailer.isEmpty(); trailer = reader.line()) {
            trailers.add(trailer);
        }
    }

    private static void expectEmpty(String line) throws IOException {
        if (!line.isEmpty()) {
            throw new IOException("chunk data is followed by <" + line + ">");
        }
    }
}
