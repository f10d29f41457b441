package io.scrimplb.proxy.h2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;

/** What a client's frames mean to its connection, once Netty's codec has checked them against the state of their streams. */
final class H2ClientFrames extends Http2FrameAdapter {
    private final H2ClientConnection connection;

    H2ClientFrames(H2ClientConnection connection) {
        this.connection = connection;
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            int streamDependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean endOfStream)
            throws Http2Exception {
        onHeadersRead(ctx, streamId, headers, padding, endOfStream);
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean endOfStream)
            throws Http2Exception {
        Http2Stream stream = connection.codec().connection().stream(streamId);
        H2ClientStream begun = connection.streams().of(stream);
        if (begun != null) {
            begun.trailers((FieldSection) headers);
        } else if (connection.codec().connection().remote().numActiveStreams() > H2Limits.MAX_STREAMS) {
            // A client that has not read our SETTINGS yet may open many more. Netty's codec would refuse them without
            // remembering that, and take what comes behind for an error of the connection.
            connection.codec().guard().idle(1, connection.h2().loop().now());
            connection.codec().reset(stream, Http2Error.REFUSED_STREAM);
        } else {
            connection.begin(stream).request((FieldSection) headers, endOfStream);
        }
    }

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream)
            throws Http2Exception {
        H2ClientStream stream = connection.streams().of(streamId);
        return stream == null ? data.readableBytes() + padding : stream.data(data, padding, endOfStream);
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) throws Http2Exception {
        connection.codec().guard().reset(connection.h2().loop().now());
        H2ClientStream stream = connection.streams().of(streamId);
        if (stream != null) {
            stream.resetByClient();
        }
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
        connection.greeted();
    }

    /** Netty's codec takes up our limit of streams now; see {@link #onHeadersRead} for who keeps it. */
    @Override
    public void onSettingsAckRead(ChannelHandlerContext ctx) {
        connection.codec().connection().remote().maxActiveStreams(Integer.MAX_VALUE);
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) {
        connection.pingAcknowledged();
    }

    /** Nothing is known of a stream that would make its reset worth a name of its own. */
    static Http2Exception malformed(int streamId, String fault) {
        return Http2Exception.streamError(streamId, Http2Error.PROTOCOL_ERROR, "%s", fault);
    }
}
