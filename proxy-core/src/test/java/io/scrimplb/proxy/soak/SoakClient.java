package io.scrimplb.proxy.soak;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** One connection of the load: sends what its kind sends and compares every byte that comes back. */
final class SoakClient extends ChannelInboundHandlerAdapter {
    private static final int BATCH = 16;
    private static final int SMALL_BYTES = 256;
    private static final int UPLOAD_BYTES = 128 * 1024;
    private static final int SLOW_BYTES = 256 * 1024;
    private static final int SLOW_READ_MILLIS = 4;
    private static final int ECHO_BYTES = 64 * 1024;
    private static final int LARGEST_CHUNK = 16 * 1024;

    /** What has to come next: a head, unless the connection is raw, and this window. */
    private record Expected(byte[] source, int offset, int size) {}

    private final SoakLoad load;
    private final SplittableRandom random;
    final SoakKind kind;
    private final Deque<Expected> expected = new ArrayDeque<>();
    private final SoakHead head = new SoakHead();
    private int requestsLeft;
    private boolean raw;
    private boolean inBody;
    private int matched;
    private int cutAfter = -1;
    private boolean over;

    SoakClient(SoakLoad load, SoakKind kind, SplittableRandom random) {
        this.load = load;
        this.kind = kind;
        this.random = random;
        this.raw = kind == SoakKind.TCP;
        this.requestsLeft = switch (kind) {
            case PIPELINED -> BATCH * (1 + random.nextInt(20));
            case SINGLE, ABORTED_REQUEST, ABORTED_RESPONSE, RESET, SLOW -> 1;
            case BIG, UPLOAD, CHUNKED -> 1 + random.nextInt(4);
            case WEBSOCKET, TCP -> 1 + random.nextInt(12);
        };
    }

    int requests() {
        return requestsLeft;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (kind == SoakKind.WEBSOCKET) {
            ctx.writeAndFlush(ascii("GET /echo HTTP/1.1\r\nHost: soak.test\r\nUpgrade: websocket\r\n"
                    + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\r\n"));
        } else {
            next(ctx);
        }
        if (kind == SoakKind.SLOW) {
            readSlowly(ctx);
        }
    }

    private void readSlowly(ChannelHandlerContext ctx) {
        if (ctx.channel().isOpen()) {
            ctx.read();
            ctx.executor().schedule(() -> readSlowly(ctx), SLOW_READ_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void next(ChannelHandlerContext ctx) {
        if (requestsLeft == 0) {
            leave(ctx);
            return;
        }
        switch (kind) {
            case PIPELINED -> get(ctx, Math.min(BATCH, requestsLeft), SMALL_BYTES);
            case SINGLE -> get(ctx, 1, SMALL_BYTES);
            case BIG -> get(ctx, 1, SoakBytes.MOST);
            case SLOW -> get(ctx, 1, SLOW_BYTES);
            case UPLOAD -> upload(ctx, false);
            case CHUNKED -> upload(ctx, true);
            case ABORTED_REQUEST -> cutRequest(ctx);
            case ABORTED_RESPONSE -> cutResponse(ctx);
            case RESET -> {
                if (random.nextBoolean()) {
                    cutRequest(ctx);
                } else {
                    cutResponse(ctx);
                }
            }
            case WEBSOCKET, TCP -> echo(ctx);
        }
    }

    private void get(ChannelHandlerContext ctx, int count, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            int size = most == SMALL_BYTES ? random.nextInt(most) : most / 2 + random.nextInt(most / 2);
            int offset = random.nextInt(SoakBytes.OFFSETS);
            text.append("GET /")
                    .append(size)
                    .append('/')
                    .append(offset)
                    .append(" HTTP/1.1\r\nHost: soak.test\r\nUser-Agent: soak\r\n\r\n");
            expected.add(new Expected(SoakBytes.noise(), offset, size));
        }
        requestsLeft -= count;
        ctx.writeAndFlush(ascii(text.toString()));
    }

    private void upload(ChannelHandlerContext ctx, boolean chunked) {
        int size = random.nextInt(UPLOAD_BYTES);
        int offset = random.nextInt(SoakBytes.OFFSETS);
        requestsLeft--;
        ctx.write(ascii("POST /up HTTP/1.1\r\nHost: soak.test\r\n"
                + (chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + size) + "\r\n\r\n"));
        if (chunked) {
            for (int done = 0; done < size; ) {
                int piece = Math.min(size - done, 1 + random.nextInt(LARGEST_CHUNK));
                ctx.write(ascii(Integer.toHexString(piece) + "\r\n"));
                ctx.write(Unpooled.wrappedBuffer(SoakBytes.noise(), offset + done, piece));
                ctx.write(ascii("\r\n"));
                done += piece;
            }
            ctx.write(ascii("0\r\n\r\n"));
        } else {
            ctx.write(Unpooled.wrappedBuffer(SoakBytes.noise(), offset, size));
        }
        CRC32 crc = new CRC32();
        crc.update(SoakBytes.noise(), offset, size);
        byte[] summary = SoakOrigin.ascii(size + " " + crc.getValue());
        expected.add(new Expected(summary, 0, summary.length));
        ctx.flush();
    }

    private void cutRequest(ChannelHandlerContext ctx) {
        ByteBuf part = random.nextBoolean()
                ? ascii("GET /1000/0 HTTP/1.1\r\nHost: so")
                : Unpooled.wrappedBuffer(
                        ascii("POST /up HTTP/1.1\r\nHost: soak.test\r\nContent-Length: 100000\r\n\r\n"),
                        Unpooled.wrappedBuffer(SoakBytes.noise(), 0, random.nextInt(99_999)));
        requestsLeft--;
        ctx.writeAndFlush(part).addListener(written -> cut(ctx));
    }

    private void cutResponse(ChannelHandlerContext ctx) {
        cutAfter = random.nextInt(SoakBytes.MOST / 2);
        get(ctx, 1, SoakBytes.MOST);
    }

    private void cut(ChannelHandlerContext ctx) {
        load.cut();
        over = true;
        if (kind == SoakKind.RESET && ctx.channel().isActive()) {
            ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        }
        ctx.close();
    }

    private void echo(ChannelHandlerContext ctx) {
        int size = random.nextInt(8) == 0 ? SoakBytes.MOST / 2 : 1 + random.nextInt(ECHO_BYTES);
        int offset = random.nextInt(SoakBytes.OFFSETS);
        requestsLeft--;
        expected.add(new Expected(SoakBytes.noise(), offset, size));
        ctx.writeAndFlush(Unpooled.wrappedBuffer(SoakBytes.noise(), offset, size));
    }

    /** Ends in one of the ways in which clients end. */
    private void leave(ChannelHandlerContext ctx) {
        over = true;
        switch (random.nextInt(4)) {
            case 0 -> {
                ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
                ctx.close();
            }
            case 1 -> {
                ((io.netty.channel.socket.DuplexChannel) ctx.channel()).shutdownOutput();
                ctx.channel().config().setAutoRead(true);
            }
            default -> ctx.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            while (in.isReadable() && !over) {
                if (raw || inBody) {
                    match(ctx, in);
                } else if (head.feed(in)) {
                    headRead(ctx);
                }
            }
        } finally {
            in.release();
        }
    }

    private void headRead(ChannelHandlerContext ctx) {
        if (kind == SoakKind.WEBSOCKET) {
            if (head.status() != 101) {
                fail(ctx, "no upgrade: " + head);
                return;
            }
            raw = true;
            next(ctx);
            return;
        }
        Expected wanted = expected.peek();
        if (wanted == null || head.status() != 200 || head.contentLength() != wanted.size()) {
            fail(
                    ctx,
                    "instead of " + (wanted == null ? "nothing" : "200 with " + wanted.size() + " bytes") + ": "
                            + head);
            return;
        }
        inBody = true;
        matched = 0;
        if (wanted.size() == 0) {
            matched(ctx);
        }
    }

    private void match(ChannelHandlerContext ctx, ByteBuf in) {
        Expected wanted = expected.peek();
        if (wanted == null) {
            fail(ctx, "bytes that nobody asked for");
            return;
        }
        int count = Math.min(in.readableBytes(), Math.min(wanted.size() - matched, load.scratch().length));
        in.readBytes(load.scratch(), 0, count);
        if (!load.sameBytes(count, wanted.source(), wanted.offset() + matched)) {
            fail(ctx, "wrong bytes between " + matched + " and " + (matched + count) + " of " + wanted.size());
            return;
        }
        matched += count;
        load.bytes(count);
        if (cutAfter >= 0 && matched > cutAfter) {
            expected.clear();
            cut(ctx);
        } else if (matched == wanted.size()) {
            matched(ctx);
        }
    }

    private void matched(ChannelHandlerContext ctx) {
        expected.remove();
        inBody = false;
        matched = 0;
        load.answered();
        if (expected.isEmpty()) {
            next(ctx);
        }
    }

    private void fail(ChannelHandlerContext ctx, String what) {
        over = true;
        load.failed(kind + ": " + what);
        ctx.close();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ended(null);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ended(cause);
        ctx.close();
    }

    private void ended(@Nullable Throwable cause) {
        if (!over) {
            over = true;
            load.failed(kind + ": closed with " + expected.size() + " answers missing, " + requestsLeft
                    + " requests to go, " + cause);
        }
    }

    private static ByteBuf ascii(String text) {
        return Unpooled.wrappedBuffer(SoakOrigin.ascii(text));
    }
}
