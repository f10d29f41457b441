package io.scrimplb.proxy.h1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.scrimplb.proxy.http.ChunkedBody;
import io.scrimplb.proxy.http.MalformedBodyException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A chunked body of 16 KiB that came in one buffer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 2,
        jvmArgs = {"-Xmx256m", "-Dio.netty.leakDetection.level=disabled"})
public class ChunkedBodyBenchmark {
    private static final int BODY_BYTES = 16 * 1024;

    @Param({"64", "4096"})
    int chunkBytes;

    private final ChunkedBody body = new ChunkedBody();
    private final ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;
    private ByteBuf in;

    @Setup
    public void build() {
        in = allocator.directBuffer(2 * BODY_BYTES);
        for (int done = 0; done < BODY_BYTES; done += chunkBytes) {
            in.writeCharSequence(Integer.toHexString(chunkBytes) + "\r\n", US_ASCII);
            in.writeZero(chunkBytes);
            in.writeCharSequence("\r\n", US_ASCII);
        }
        in.writeCharSequence("0\r\n\r\n", US_ASCII);
    }

    @TearDown
    public void release() {
        in.release();
    }

    /** Goes on as it came. */
    @Benchmark
    public int framingKept() throws MalformedBodyException {
        return followed(true);
    }

    /** Goes on as data alone, to a client that knows no chunks. */
    @Benchmark
    public int framingDropped() throws MalformedBodyException {
        return followed(false);
    }

    private int followed(boolean keepFraming) throws MalformedBodyException {
        in.readerIndex(0);
        body.begin(keepFraming, false);
        ByteBuf part = body.take(in, allocator);
        if (part == null || !body.done()) {
            throw new IllegalStateException("not followed to its end");
        }
        int size = part.readableBytes();
        part.release();
        return size;
    }
}
