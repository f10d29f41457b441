package io.scrimplb.proxy.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whose bytes go where, also when a write or a flush lets a handler run that sends for its part. */
class SendBufferTest {
    private static final WriteBufferWaterMark ONE_BYTE = new WriteBufferWaterMark(1, 2);

    private final SendBuffer sending = new SendBuffer(true);

    private final SendBuffer encrypting = new SendBuffer(false);
    private final Consumer consumer = new Consumer();
    private final EmbeddedChannel consuming = new EmbeddedChannel(consumer);

    @AfterEach
    void release() {
        sending.close();
        encrypting.close();
    }

    private void put(EmbeddedChannel to, String text) {
        byte[] bytes = text.getBytes(US_ASCII);
        sending.put(to, bytes, 0, bytes.length);
    }

    private static String sent(EmbeddedChannel channel) {
        StringBuilder text = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            text.append(part.toString(US_ASCII));
            part.release();
        }
        return text.toString();
    }

    @Test
    void whatIsPutForAChannelLeavesInOnePieceAtItsFlush() {
        EmbeddedChannel channel = new EmbeddedChannel();
        put(channel, "head ");
        sending.put(channel, Unpooled.copiedBuffer("body", US_ASCII));
        assertThat(channel.outboundMessages()).isEmpty();

        sending.flush(channel);

        assertThat(channel.outboundMessages()).hasSize(1);
        assertThat(sent(channel)).isEqualTo("head body");
    }

    @Test
    void aLongPartLeavesAtOnceBehindWhatWasPutBefore() {
        EmbeddedChannel channel = new EmbeddedChannel();
        put(channel, "head ");

        sending.put(channel, Unpooled.copiedBuffer("x".repeat(50_000), US_ASCII));

        assertThat(sent(channel)).isEqualTo("head " + "x".repeat(50_000));
    }

    @Test
    void bytesForAnotherChannelSendThoseOfTheOneBefore() {
        EmbeddedChannel a = new EmbeddedChannel();
        EmbeddedChannel b = new EmbeddedChannel();
        put(a, "for a");
        put(b, "for b");
        sending.flush(b);

        assertThat(sent(a)).isEqualTo("for a");
        assertThat(sent(b)).isEqualTo("for b");
    }

    @Test
    void whatAHandlerPutsWhileTheBufferIsHandedOverIsKept() {
        EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter() {
            private boolean done;

            @Override
            public void channelWritabilityChanged(ChannelHandlerContext ctx) {
                if (!done) {
                    done = true;
                    sending.put(ctx.channel(), Unpooled.copiedBuffer("body", US_ASCII));
                }
            }
        });
        channel.config().setWriteBufferWaterMark(ONE_BYTE);
        put(channel, "head");
        sending.flush(channel);
        sending.flush(channel);

        assertThat(sent(channel)).isEqualTo("headbody");
    }

    @Test
    void whatAHandlerPutsForAThirdChannelWhileTheOwnerChangesReachesThatChannel() {
        EmbeddedChannel third = new EmbeddedChannel();
        EmbeddedChannel second = new EmbeddedChannel();
        EmbeddedChannel first = new EmbeddedChannel(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelWritabilityChanged(ChannelHandlerContext ctx) {
                if (ctx.channel().isWritable()) {
                    put(third, "for the third");
                }
            }
        });
        first.config().setWriteBufferWaterMark(ONE_BYTE);
        put(first, "for the first");
        put(second, "for the second");
        sending.flush(second);
        sending.flush(third);

        assertThat(sent(first)).isEqualTo("for the first");
        assertThat(sent(second)).isEqualTo("for the second");
        assertThat(sent(third)).isEqualTo("for the third");
    }

    /** Takes what is flushed apart at once, as an engine does, and notes where in memory it lay. */
    private static final class Consumer extends ChannelOutboundHandlerAdapter {
        private final List<ByteBuf> waiting = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();
        private final Set<Long> places = new HashSet<>();
        private boolean stalled;

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            waiting.add((ByteBuf) message);
        }

        @Override
        public void flush(ChannelHandlerContext ctx) {
            if (stalled) {
                return;
            }
            for (ByteBuf part : waiting) {
                places.add(part.memoryAddress());
                text.append(part.toString(US_ASCII));
                part.release();
            }
            waiting.clear();
        }
    }

    @Test
    void whereAHandlerEncryptsItGetsTheBufferItselfAndGivesItBack() {
        encrypting.put(consuming, "first".getBytes(US_ASCII), 0, 5);
        encrypting.flush(consuming);
        encrypting.put(consuming, Unpooled.copiedBuffer("second", US_ASCII));
        encrypting.flush(consuming);

        assertThat(consumer.text).hasToString("firstsecond");
        assertThat(consumer.places).hasSize(1);
    }

    @Test
    void whatAHandlerEncryptsLaterIsLeftAlone() {
        consumer.stalled = true;
        encrypting.put(consuming, "first".getBytes(US_ASCII), 0, 5);
        encrypting.flush(consuming);
        encrypting.put(consuming, "second".getBytes(US_ASCII), 0, 6);
        encrypting.flush(consuming);
        consumer.stalled = false;
        encrypting.put(consuming, "third".getBytes(US_ASCII), 0, 5);
        encrypting.flush(consuming);

        assertThat(consumer.text).hasToString("firstsecondthird");
        assertThat(consumer.places).hasSize(3);
    }

    @Test
    void aLongPartIsEncryptedAsItCameBehindWhatWasPutBefore() {
        ByteBuf part = Unpooled.directBuffer().writeBytes("x".repeat(20_000).getBytes(US_ASCII));
        long place = part.memoryAddress();
        encrypting.put(consuming, "head ".getBytes(US_ASCII), 0, 5);

        encrypting.put(consuming, part);

        assertThat(consumer.text).hasToString("head " + "x".repeat(20_000));
        assertThat(consumer.places).contains(place).hasSize(2);
        assertThat(part.refCnt()).isZero();
    }

    @Test
    void moreThanTheBufferHoldsIsEncryptedInOrder() {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            String text = String.valueOf((char) ('a' + i)).repeat(15_000);
            all.append(text);
            encrypting.put(consuming, Unpooled.copiedBuffer(text, US_ASCII));
        }
        encrypting.flush(consuming);

        assertThat(consumer.text).hasToString(all.toString());
    }

    @Test
    void whatWasToBeEncryptedForAChannelThatHasClosedIsDropped() {
        encrypting.put(consuming, "late".getBytes(US_ASCII), 0, 4);
        consuming.close();
        encrypting.put(consuming, Unpooled.directBuffer().writeZero(20_000));
        encrypting.flush(consuming);

        assertThat(consumer.text).isEmpty();
    }

    @Test
    void whatWasPutForAChannelThatHasClosedIsDropped() {
        EmbeddedChannel closed = new EmbeddedChannel();
        EmbeddedChannel open = new EmbeddedChannel();
        put(closed, "late");
        closed.close();
        put(open, "for the open one");
        sending.flush(open);

        assertThat(sent(closed)).isEmpty();
        assertThat(sent(open)).isEqualTo("for the open one");
    }
}
