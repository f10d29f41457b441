package io.scrimplb.proxy.soak;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Answers {@code GET /SIZE/OFFSET} with that window of {@link SoakBytes}, a body of either framing with its length and CRC-32,
 * an upgrade with an echo. The same handler echoes from the first byte where it is told to.
 */
final class SoakOrigin implements AutoCloseable {
    private final Channel channel;

    SoakOrigin(EventLoopGroup group, boolean echo) {
        channel = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        connection.pipeline().addLast(new Connection(echo));
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
    }

    private static final class Connection extends ChannelInboundHandlerAdapter {
        private static final byte[] CONTINUE_UPGRADE =
                ascii("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");

        private final CRC32 crc = new CRC32();
        private boolean echo;
        private SoakHead head = new SoakHead();
        private boolean inBody;
        private boolean inChunks;
        private long bodyLeft;
        private long bodyLength;
        /** Digits of a chunk's size so far, or -1 while its line has not begun; -2 before the line end behind a chunk. */
        private final StringBuilder chunkLine = new StringBuilder();

        Connection(boolean echo) {
            this.echo = echo;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf in = (ByteBuf) message;
            if (echo) {
                echo(ctx, in);
                return;
            }
            try {
                while (in.isReadable() && !echo) {
                    if (!inBody) {
                        if (head.feed(in)) {
                            headRead(ctx);
                        }
                    } else if (inChunks && bodyLeft == 0) {
                        chunkLine(ctx, in.readByte());
                    } else {
                        body(ctx, in);
                    }
                }
                if (echo && in.isReadable()) {
                    ctx.write(in.readRetainedSlice(in.readableBytes()));
                }
            } finally {
                in.release();
            }
        }

        private void headRead(ChannelHandlerContext ctx) {
            if (head.has("upgrade: websocket")) {
                ctx.write(Unpooled.wrappedBuffer(CONTINUE_UPGRADE));
                echo = true;
                return;
            }
            bodyLength = 0;
            crc.reset();
            inChunks = head.has("transfer-encoding: chunked");
            bodyLeft = inChunks ? 0 : Math.max(0, head.contentLength());
            inBody = inChunks || bodyLeft > 0;
            chunkLine.setLength(0);
            if (!inBody) {
                if (head.isGet()) {
                    window(ctx);
                } else {
                    summary(ctx);
                }
            }
        }

        private void body(ChannelHandlerContext ctx, ByteBuf in) {
            int count = (int) Math.min(bodyLeft, in.readableBytes());
            crc.update(in.nioBuffer(in.readerIndex(), count));
            in.skipBytes(count);
            bodyLeft -= count;
            bodyLength += count;
            if (bodyLeft == 0 && !inChunks) {
                inBody = false;
                summary(ctx);
            }
        }

        /** Takes size lines, the empty line behind a chunk, and the empty line at the end; there are no trailers. */
        private void chunkLine(ChannelHandlerContext ctx, byte next) {
            if (next != '\n') {
                if (next != '\r') {
                    chunkLine.append((char) next);
                }
                return;
            }
            String line = chunkLine.toString();
            chunkLine.setLength(0);
            if (line.equals("0")) {
                chunkLine.append("end:");
            } else if (line.equals("end:")) {
                inBody = false;
                chunkLine.setLength(0);
                summary(ctx);
            } else if (!line.isEmpty()) {
                bodyLeft = Long.parseLong(line, 16);
            }
        }

        private void window(ChannelHandlerContext ctx) {
            int size = head.pathNumber(0);
            int offset = head.pathNumber(1);
            ByteBuf body = Unpooled.wrappedBuffer(SoakBytes.noise(), offset, size);
            answer(ctx, body);
        }

        private void summary(ChannelHandlerContext ctx) {
            answer(ctx, Unpooled.wrappedBuffer(ascii(bodyLength + " " + crc.getValue())));
        }

        private static void answer(ChannelHandlerContext ctx, ByteBuf body) {
            String head = "HTTP/1.1 200 OK\r\nContent-Length: " + body.readableBytes() + "\r\n\r\n";
            ByteBuf out = ctx.alloc().directBuffer(head.length() + body.readableBytes());
            out.writeCharSequence(head, StandardCharsets.US_ASCII);
            out.writeBytes(body);
            body.release();
            ctx.write(out, ctx.voidPromise());
        }

        private static void echo(ChannelHandlerContext ctx, ByteBuf in) {
            ctx.write(in, ctx.voidPromise());
            if (!ctx.channel().isWritable()) {
                ctx.channel().config().setAutoRead(false);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            if (ctx.channel().isWritable()) {
                ctx.channel().config().setAutoRead(true);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(io.netty.channel.ChannelFutureListener.CLOSE);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // Clients that abort and reset are what this load is about.
            ctx.close();
        }
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
