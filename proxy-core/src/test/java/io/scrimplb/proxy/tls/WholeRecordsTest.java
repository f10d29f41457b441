package io.scrimplb.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** RFC 8446, 5.1: however records are cut, the engine gets whole ones, and the buffer of the loop is held by nobody. */
final class WholeRecordsTest {
    private static byte[] record(int type, int length, Random random) {
        byte[] content = new byte[length];
        random.nextBytes(content);
        return Hellos.join(new byte[] {(byte) type, 3, 3}, Hellos.list(2, content));
    }

    @Test
    void cutsNeverMatterAndNothingOfTheSharedBufferIsKept() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            byte[] wire = new byte[0];
            for (int i = 0; i < 4; i++) {
                wire = Hellos.join(wire, record(23, random.nextInt(round % 10 == 0 ? 16_384 : 40), random));
            }
            EmbeddedChannel channel = new EmbeddedChannel(new WholeRecords());
            ByteBuf shared = Unpooled.directBuffer(wire.length + 1);
            ByteBuf seen = Unpooled.buffer();
            for (int at = 0; at < wire.length; ) {
                int size = Math.min(wire.length - at, 1 + random.nextInt(round % 10 == 0 ? 9000 : 20));
                shared.clear().writeBytes(wire, at, size);
                channel.writeInbound(shared.retain());
                at += size;
                for (ByteBuf out = channel.readInbound(); out != null; out = channel.readInbound()) {
                    int from = out.readerIndex();
                    while (from < out.writerIndex()) {
                        from += 5 + out.getUnsignedShort(from + 3);
                    }
                    assertThat(from).as("whole records, seed %d", seed).isEqualTo(out.writerIndex());
                    seen.writeBytes(out);
                    out.release();
                }
                assertThat(shared.refCnt())
                        .as("the shared buffer, seed %d", seed)
                        .isEqualTo(1);
            }
            assertThat(seen).as("seed %d", seed).isEqualTo(Unpooled.wrappedBuffer(wire));
            seen.release();
            shared.release();
            channel.finishAndReleaseAll();
        }
    }

    @Test
    void aRecordThatNeverEndsIsGivenBackWithTheConnection() {
        EmbeddedChannel channel = new EmbeddedChannel(new WholeRecords());
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {23, 3, 3, 0, 9, 1}));

        assertThat((Object) channel.readInbound()).isNull();
        channel.finishAndReleaseAll();
    }

    @Test
    void whatIsNoTlsGoesToTheEngineAtOnce() {
        EmbeddedChannel channel = new EmbeddedChannel(new WholeRecords());
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {23, 3, 3, -1, -1, 1}));

        ByteBuf passed = channel.readInbound();
        assertThat(passed.readableBytes()).isEqualTo(6);
        passed.release();
        channel.finishAndReleaseAll();
    }

    @Test
    void aHandshakeThatBeginsAnewByTls12EndsTheConnection() {
        WholeRecords records = new WholeRecords();
        EmbeddedChannel channel = new EmbeddedChannel(records);
        records.established("TLSv1.2");
        channel.writeInbound(Unpooled.wrappedBuffer(record(22, 4, new Random(1))));

        assertThat(channel.isOpen()).isFalse();
        assertThat((Object) channel.readInbound()).isNull();
        channel.finishAndReleaseAll();
    }
}
