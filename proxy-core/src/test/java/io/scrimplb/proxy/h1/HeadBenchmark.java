package io.scrimplb.proxy.h1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.scrimplb.proxy.exchange.ClientPeer;
import io.scrimplb.proxy.exchange.RequestFacts;
import io.scrimplb.proxy.exchange.RequestWriter;
import io.scrimplb.proxy.http.HeadBuffer;
import io.scrimplb.proxy.http.RequestHead;
import io.scrimplb.proxy.http.RequestIds;
import io.scrimplb.proxy.http.ResponseHead;
import io.scrimplb.proxy.spec.LimitSpec;
import io.scrimplb.proxy.transport.ClientAddresses;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Heads read alone, and read and written as they go on. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 2,
        jvmArgs = {"-Xmx256m", "-Dio.netty.leakDetection.level=disabled"})
public class HeadBenchmark {
    private final LimitSpec limits = LimitSpec.defaults();
    private final RequestHead request = new RequestHead();
    private final RequestFacts facts = new RequestFacts();
    private final RequestIds ids = new RequestIds();
    private final HeadBuffer out = new HeadBuffer();
    private final ResponseHead response = new ResponseHead();
    private final ResponseWriter responseWriter = new ResponseWriter();
    private final ClientPeer peer = new ClientPeer(
            new ClientAddresses(null, null, false),
            InetAddress.getLoopbackAddress(),
            "192.0.2.17".getBytes(US_ASCII),
            new InetSocketAddress("198.51.100.1", 8080),
            null);

    @Benchmark
    public @Nullable Object curlRead() {
        return request.parse(Heads.CURL, Heads.CURL.length, limits);
    }

    @Benchmark
    public @Nullable Object browserRead() {
        return request.parse(Heads.BROWSER, Heads.BROWSER.length, limits);
    }

    @Benchmark
    public int curlReadAndWritten() {
        return forwarded(Heads.CURL);
    }

    @Benchmark
    public int browserReadAndWritten() {
        return forwarded(Heads.BROWSER);
    }

    @Benchmark
    public @Nullable Object responseRead() {
        return response.parse(Heads.RESPONSE, Heads.RESPONSE.length, limits);
    }

    @Benchmark
    public int responseReadAndWritten() {
        String fault = response.parse(Heads.RESPONSE, Heads.RESPONSE.length, limits);
        if (fault != null) {
            throw new IllegalStateException(fault);
        }
        return responseWriter
                .write(response, ResponseWriter.Persistence.KEEP, false, null)
                .length();
    }

    private int forwarded(byte[] head) {
        if (request.parse(head, head.length, limits) != null) {
            throw new IllegalStateException("refused");
        }
        facts.take(request, ids);
        RequestWriter.write(request, peer, false, facts, false, out);
        return out.length();
    }
}
