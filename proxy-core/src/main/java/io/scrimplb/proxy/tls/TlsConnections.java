package io.scrimplb.proxy.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import java.util.List;

/** Where TLS connections of a listener come from and what becomes of them. Called on their event loops. */
public interface TlsConnections {
    /** The certificates in force. */
    CertificateTable certificates();

    /** How long a client may take from the first byte, or none, to the end of the handshake; nanoseconds. */
    long handshakeNanos();

    /** Whether connections that have nothing in flight are to end. */
    boolean ends();

    /** What is spoken inside TLS (ALPN). */
    List<String> protocols();

    /** Something went wrong that should not. */
    void troubled(Throwable cause);

    /**
     * Leaves a connection undecrypted to whom its client's name belongs: removes the handler that read what the client said, and
     * takes the bytes.
     *
     * @return false when the name is not one of those, and nothing was done
     */
    boolean passThrough(ChannelHandlerContext reading, ClientHello hello, ByteBuf bytes);

    /** A client speaks in clear text; the handlers of TLS have left. */
    void clearText(Channel channel);

    /** The handshake is done: adds the handler of what is spoken inside, which is then told that the channel is active. */
    void secured(ChannelPipeline pipeline, TlsSession session);
}
