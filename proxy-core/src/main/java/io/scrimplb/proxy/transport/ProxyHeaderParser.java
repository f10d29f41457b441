package io.scrimplb.proxy.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the PROXY header, of either version, at the beginning of one connection, in whatever pieces it comes; tells as soon as
 * can be when there is none. Copies what it has to keep, so that it holds on to no buffer. What follows the addresses of
 * version 2 is skipped, a checksum among it too: TCP has one.
 */
public final class ProxyHeaderParser {
    /** What the bytes so far are. */
    public enum Verdict {
        /** It takes more of them to tell. */
        MORE,
        /** No header: all of them are the client's. */
        NONE,
        /** A whole header; the input stands behind it. */
        HEADER,
        /** A header that begins as one and goes on as none. */
        MALFORMED
    }

    /** The longest line of version 1, with its end. */
    static final int MAX_V1_BYTES = 107;

    /** The longest block of version 2, as nginx has it: what senders add, such as the client's certificate, fits. */
    static final int MAX_V2_BYTES = 4096;

    private static final byte[] V1 = ProxyHeader.V1_PREFIX.getBytes(US_ASCII);
    private static final byte[] V2 = ProxyHeader.V2_SIGNATURE.getBytes(US_ASCII);
    private static final int V2_LOCAL = 0x20;
    private static final int UNIX_BYTES = 2 * 108;
    private static final byte[] NOTHING = {};

    /** The beginning that is there in part or whole; empty before the first byte. */
    private byte[] prefix = NOTHING;

    private byte[] kept = NOTHING;
    private int count;

    /** How many bytes of version 2 to keep, 0 until that is known. */
    private int wanted;

    private int skipped;
    private @Nullable ProxyHeader header;

    /** Reads on, no further than to the header's end; not to be called after a verdict. */
    public Verdict read(ByteBuf in) {
        while (in.isReadable()) {
            if (skipped > 0) {
                int length = Math.min(skipped, in.readableBytes());
                in.skipBytes(length);
                skipped -= length;
            } else {
                Verdict verdict = take(in);
                if (verdict != Verdict.MORE) {
                    return verdict;
                }
            }
            if (header != null && skipped == 0) {
                return Verdict.HEADER;
            }
        }
        return Verdict.MORE;
    }

    /** What the header says, once there is one. */
    public ProxyHeader header() {
        ProxyHeader whole = header;
        if (whole == null) {
            throw new IllegalStateException("no header was read");
        }
        return whole;
    }

    /** Whether a byte has come. */
    public boolean begun() {
        return count > 0;
    }

    /** Whether what has come can be nothing but a header. */
    public boolean certain() {
        return count > 0 && count >= prefix.length;
    }

    /** What was taken of a connection without a header and belongs to its client. */
    public byte[] taken() {
        return Arrays.copyOf(prefix, count);
    }

    private Verdict take(ByteBuf in) {
        byte b = in.readByte();
        if (count == 0) {
            prefix = b == V1[0] ? V1 : V2;
        }
        if (count < prefix.length) {
            if (b != prefix[count]) {
                in.readerIndex(in.readerIndex() - 1);
                return Verdict.NONE;
            }
            count++;
            return Verdict.MORE;
        }
        if (kept.length == 0) {
            kept = Arrays.copyOf(prefix, MAX_V1_BYTES);
        }
        kept[count++] = b;
        return prefix == V1 ? takeV1(b) : takeV2();
    }

    private Verdict takeV1(byte b) {
        if (b == '\n' && kept[count - 2] == '\r') {
            header = ProxyLine.parse(new String(kept, 0, count - 2, US_ASCII));
            return header == null ? Verdict.MALFORMED : Verdict.HEADER;
        }
        return count == MAX_V1_BYTES ? Verdict.MALFORMED : Verdict.MORE;
    }

    private Verdict takeV2() {
        if (count == ProxyHeader.V2_FIXED_BYTES && !announced()) {
            return Verdict.MALFORMED;
        }
        if (count == wanted && header == null) {
            header = addresses();
        }
        return header != null && skipped == 0 ? Verdict.HEADER : Verdict.MORE;
    }

    /** Looks at the fixed part: what is announced, and how much of it to keep. */
    private boolean announced() {
        int command = kept[12] & 0xff;
        int family = kept[13] & 0xff;
        int length = (kept[14] & 0xff) << 8 | kept[15] & 0xff;
        if (ProxyHeader.V2_FIXED_BYTES + length > MAX_V2_BYTES) {
            return false;
        }
        int told = 0;
        if (command == V2_LOCAL) {
            header = ProxyHeader.LOCAL;
        } else if (command != ProxyHeader.V2_PROXY || family >> 4 > 3 || (family & 0xf) > 2) {
            return false;
        } else {
            int needed = addressBytes(family);
            if (length < needed) {
                return false;
            }
            if (family == ProxyHeader.TCP_OVER_IPV4 || family == ProxyHeader.TCP_OVER_IPV6) {
                told = needed;
            } else {
                // Valid, and of no use here: the addresses of a local socket or of datagrams, or none.
                header = ProxyHeader.UNKNOWN;
            }
        }
        wanted = ProxyHeader.V2_FIXED_BYTES + told;
        skipped = header == null ? 0 : length;
        return true;
    }

    private static int addressBytes(int family) {
        if ((family & 0xf) == 0) {
            return 0;
        }
        return switch (family >> 4) {
            case 1 -> ProxyHeader.IPV4_BYTES;
            case 2 -> ProxyHeader.IPV6_BYTES;
            case 3 -> UNIX_BYTES;
            default -> 0;
        };
    }

    private ProxyHeader addresses() {
        int length = (kept[14] & 0xff) << 8 | kept[15] & 0xff;
        skipped = ProxyHeader.V2_FIXED_BYTES + length - wanted;
        int size = wanted == ProxyHeader.V2_FIXED_BYTES + ProxyHeader.IPV4_BYTES ? 4 : 16;
        ByteBuffer told = ByteBuffer.wrap(kept, ProxyHeader.V2_FIXED_BYTES, 2 * size + 4);
        byte[] client = new byte[size];
        byte[] destination = new byte[size];
        told.get(client).get(destination);
        int clientPort = told.getShort() & 0xffff;
        int destinationPort = told.getShort() & 0xffff;
        try {
            return new ProxyHeader(
                    new InetSocketAddress(InetAddress.getByAddress(client), clientPort),
                    new InetSocketAddress(InetAddress.getByAddress(destination), destinationPort),
                    true);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + size + " bytes", e);
        }
    }
}
