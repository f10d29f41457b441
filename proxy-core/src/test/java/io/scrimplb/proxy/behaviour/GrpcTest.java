package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.scrimplb.proxy.partners.RefusingAddress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A gRPC client and server of others speak through the proxy, by HTTP/2 in clear text on both sides. */
@Timeout(60)
class GrpcTest {
    private static final Metadata.Key<String> WORD = Metadata.Key.of("x-word", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<byte[]> BYTES = Metadata.Key.of("x-some-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private static final MethodDescriptor<String, String> UNARY = method("Unary", MethodType.UNARY);
    private static final MethodDescriptor<String, String> COLLECT = method("Collect", MethodType.CLIENT_STREAMING);
    private static final MethodDescriptor<String, String> COUNT = method("Count", MethodType.SERVER_STREAMING);
    private static final MethodDescriptor<String, String> CHAT = method("Chat", MethodType.BIDI_STREAMING);
    private static final MethodDescriptor<String, String> NEVER = method("Never", MethodType.UNARY);
    private static final MethodDescriptor<String, String> UNKNOWN = method("Unknown", MethodType.UNARY);

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private final CountDownLatch cancelled = new CountDownLatch(1);
    private final AtomicReference<Metadata> seen = new AtomicReference<>(new Metadata());

    private static MethodDescriptor<String, String> method(String name, MethodType type) {
        return MethodDescriptor.newBuilder(new Text(), new Text())
                .setType(type)
                .setFullMethodName("test.Echo/" + name)
                .build();
    }

    private record Text() implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    // ---- the server

    private Server server() throws IOException {
        Server server = OkHttpServerBuilder.forPort(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), InsecureServerCredentials.create())
                .intercept(echoMetadata())
                .addService(ServerServiceDefinition.builder("test.Echo")
                        .addMethod(UNARY, ServerCalls.asyncUnaryCall(this::unary))
                        .addMethod(COLLECT, ServerCalls.asyncClientStreamingCall(GrpcTest::collect))
                        .addMethod(COUNT, ServerCalls.asyncServerStreamingCall(this::count))
                        .addMethod(CHAT, ServerCalls.asyncBidiStreamingCall(this::chat))
                        .addMethod(NEVER, ServerCalls.asyncUnaryCall((asked, to) -> onCancel(to)))
                        .build())
                .build()
                .start();
        proxy.with(() -> {
            server.shutdownNow();
            server.awaitTermination();
        });
        return server;
    }

    private ServerInterceptor echoMetadata() {
        return new ServerInterceptor() {
            @Override
            public <Q, R> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
                seen.set(headers);
                return next.startCall(
                        new io.grpc.ForwardingServerCall.SimpleForwardingServerCall<Q, R>(call) {
                            @Override
                            public void sendHeaders(Metadata response) {
                                copy(headers, response);
                                super.sendHeaders(response);
                            }

                            @Override
                            public void close(Status status, Metadata trailers) {
                                copy(headers, trailers);
                                super.close(status, trailers);
                            }
                        },
                        headers);
            }
        };
    }

    private static void copy(Metadata from, Metadata to) {
        if (from.containsKey(WORD)) {
            to.put(WORD, from.get(WORD));
            to.put(BYTES, from.get(BYTES));
        }
    }

    private void unary(String asked, StreamObserver<String> to) {
        if (asked.equals("fail")) {
            to.onError(Status.FAILED_PRECONDITION
                    .withDescription("not now: \u00e9 100%")
                    .asRuntimeException());
            return;
        }
        to.onNext(asked);
        to.onCompleted();
    }

    private static StreamObserver<String> collect(StreamObserver<String> to) {
        StringBuilder all = new StringBuilder();
        return observer(all::append, () -> {
            to.onNext(all.toString());
            to.onCompleted();
        });
    }

    private void count(String asked, StreamObserver<String> to) {
        int last = Integer.parseInt(asked);
        for (int i = 1; i <= last; i++) {
            to.onNext("number " + i);
        }
        to.onCompleted();
    }

    private StreamObserver<String> chat(StreamObserver<String> to) {
        onCancel(to);
        return observer(
                word -> {
                    if (word.equals("abort")) {
                        to.onError(Status.ABORTED.withDescription("as you say").asRuntimeException());
                    } else {
                        to.onNext("re: " + word);
                    }
                },
                to::onCompleted);
    }

    private void onCancel(StreamObserver<String> to) {
        ((ServerCallStreamObserver<String>) to).setOnCancelHandler(cancelled::countDown);
    }

    private static StreamObserver<String> observer(java.util.function.Consumer<String> next, Runnable end) {
        return new StreamObserver<>() {
            @Override
            public void onNext(String value) {
                next.accept(value);
            }

            @Override
            public void onError(Throwable cause) {
                // The cancel handler tells of it.
            }

            @Override
            public void onCompleted() {
                end.run();
            }
        };
    }

    // ---- the client

    private ManagedChannel start() throws IOException {
        proxy.start(SpecBuilder.webToHttp2(address(server())));
        return channel();
    }

    private static InetSocketAddress address(Server server) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
    }

    private ManagedChannel channel() {
        ManagedChannel channel = OkHttpChannelBuilder.forAddress(
                        "127.0.0.1", proxy.web().getPort())
                .usePlaintext()
                .build();
        proxy.with(() -> {
            channel.shutdownNow();
            channel.awaitTermination(10, TimeUnit.SECONDS);
        });
        return channel;
    }

    private static String call(ManagedChannel channel, String text) {
        return ClientCalls.blockingUnaryCall(
                channel, UNARY, CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS), text);
    }

    /** What a call tells: messages as they are, then {@code end} or its status. */
    private static final class Answers implements StreamObserver<String> {
        final BlockingQueue<String> told = new LinkedBlockingQueue<>();

        @Override
        public void onNext(String value) {
            told.add(value);
        }

        @Override
        public void onError(Throwable cause) {
            told.add(String.valueOf(Status.fromThrowable(cause).getCode()));
        }

        @Override
        public void onCompleted() {
            told.add("end");
        }

        String next() throws InterruptedException {
            return String.valueOf(told.poll(20, TimeUnit.SECONDS));
        }
    }

    // ---- what passes

    @Test
    void callsOfAllFourKindsPass() throws Exception {
        ManagedChannel channel = start();

        assertThat(call(channel, "hello")).isEqualTo("hello");

        Answers collected = new Answers();
        StreamObserver<String> parts =
                ClientCalls.asyncClientStreamingCall(channel.newCall(COLLECT, CallOptions.DEFAULT), collected);
        for (int i = 0; i < 500; i++) {
            parts.onNext("x");
        }
        parts.onCompleted();
        assertThat(collected.next()).isEqualTo("x".repeat(500));
        assertThat(collected.next()).isEqualTo("end");

        Iterator<String> counted = ClientCalls.blockingServerStreamingCall(channel, COUNT, CallOptions.DEFAULT, "500");
        assertThat(counted).toIterable().hasSize(500).endsWith("number 500");

        Answers answers = new Answers();
        StreamObserver<String> talk =
                ClientCalls.asyncBidiStreamingCall(channel.newCall(CHAT, CallOptions.DEFAULT), answers);
        for (int i = 0; i < 50; i++) {
            talk.onNext("word " + i);
            assertThat(answers.next()).as("comes before the next is said").isEqualTo("re: word " + i);
        }
        talk.onCompleted();
        assertThat(answers.next()).isEqualTo("end");
    }

    @Test
    void messagesOfSomeMegabytesPassBothWays() throws Exception {
        ManagedChannel channel = start();
        String large = "0123456789abcdef".repeat((3 << 20) / 16);

        for (int round = 0; round < 3; round++) {
            assertThat(call(channel, large).equals(large)).isTrue();
        }
    }

    @Test
    void metadataPassesBothWaysInHeadersAndTrailers() throws Exception {
        ManagedChannel channel = start();
        Metadata sent = new Metadata();
        sent.put(WORD, "a word, or two");
        sent.put(BYTES, new byte[] {0, 1, (byte) 0xff, 13, 10});
        AtomicReference<Metadata> headers = new AtomicReference<>(new Metadata());
        AtomicReference<Metadata> trailers = new AtomicReference<>(new Metadata());

        ClientCalls.blockingUnaryCall(
                io.grpc.ClientInterceptors.intercept(
                        channel,
                        MetadataUtils.newAttachHeadersInterceptor(sent),
                        MetadataUtils.newCaptureMetadataInterceptor(headers, trailers)),
                UNARY,
                CallOptions.DEFAULT,
                "hello");

        for (Metadata each : new Metadata[] {seen.get(), headers.get(), trailers.get()}) {
            assertThat(each.get(WORD)).isEqualTo("a word, or two");
            assertThat(each.get(BYTES)).containsExactly(0, 1, 0xff, 13, 10);
        }
    }

    // ---- how calls end

    @Test
    void aStatusComesInTheTrailerOrWithoutAnythingBeforeIt() throws Exception {
        ManagedChannel channel = start();

        assertThatThrownBy(() -> call(channel, "fail")).isInstanceOfSatisfying(StatusRuntimeException.class, failed -> {
            Status status = failed.getStatus();
            assertThat(status.getCode()).as(status.toString()).isEqualTo(Status.Code.FAILED_PRECONDITION);
            assertThat(status.getDescription()).isEqualTo("not now: \u00e9 100%");
        });
        assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(channel, UNKNOWN, CallOptions.DEFAULT, ""))
                .hasMessageContaining("UNIMPLEMENTED");
        Answers answers = new Answers();
        StreamObserver<String> talk =
                ClientCalls.asyncBidiStreamingCall(channel.newCall(CHAT, CallOptions.DEFAULT), answers);
        talk.onNext("hello");
        assertThat(answers.next()).isEqualTo("re: hello");
        talk.onNext("abort");
        assertThat(answers.next()).isEqualTo("ABORTED");
        assertThat(call(channel, "the connection goes on")).isEqualTo("the connection goes on");
    }

    @Test
    void aDeadlineEndsTheCallAtTheServerToo() throws Exception {
        ManagedChannel channel = start();
        CallOptions soon = CallOptions.DEFAULT.withDeadlineAfter(500, TimeUnit.MILLISECONDS);

        assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(channel, NEVER, soon, ""))
                .hasMessageContaining("DEADLINE_EXCEEDED");
        assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aClientThatCancelsCancelsAtTheServer() throws Exception {
        ManagedChannel channel = start();
        ClientCall<String, String> call = channel.newCall(CHAT, CallOptions.DEFAULT);
        Answers answers = new Answers();
        StreamObserver<String> talk = ClientCalls.asyncBidiStreamingCall(call, answers);
        talk.onNext("hello");
        assertThat(answers.next()).isEqualTo("re: hello");

        call.cancel("enough", null);

        assertThat(answers.next()).isEqualTo("CANCELLED");
        assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aServerThatDiesEndsItsCalls() throws Exception {
        Server server = server();
        proxy.start(SpecBuilder.webToHttp2(address(server)));
        Answers answers = new Answers();
        StreamObserver<String> talk =
                ClientCalls.asyncBidiStreamingCall(channel().newCall(CHAT, CallOptions.DEFAULT), answers);
        talk.onNext("hello");
        assertThat(answers.next()).isEqualTo("re: hello");

        server.shutdownNow();

        assertThat(answers.next()).isIn("UNAVAILABLE", "INTERNAL", "CANCELLED", "UNKNOWN");
    }

    @Test
    void aServerThatLeavesFinishesItsCallsAndNewOnesGoToAnother() throws Exception {
        Server leaving = server();
        Server other = server();
        proxy.start(SpecBuilder.webToHttp2(address(leaving), address(other)));
        ManagedChannel channel = channel();
        Answers[] answers = {new Answers(), new Answers()};
        StreamObserver<String>[] talks = talks(channel, answers);
        for (int i = 0; i < 2; i++) {
            talks[i].onNext("hello");
            assertThat(answers[i].next()).isEqualTo("re: hello");
        }

        leaving.shutdown();

        for (int i = 0; i < 20; i++) {
            assertThat(call(channel, "call " + i)).isEqualTo("call " + i);
        }
        for (int i = 0; i < 2; i++) {
            talks[i].onNext("still there");
            assertThat(answers[i].next()).isEqualTo("re: still there");
            talks[i].onCompleted();
            assertThat(answers[i].next()).isEqualTo("end");
        }
        await().atMost(Duration.ofSeconds(20)).until(leaving::isTerminated);
    }

    @SuppressWarnings("unchecked")
    private static StreamObserver<String>[] talks(ManagedChannel channel, Answers... answers) {
        return java.util.Arrays.stream(answers)
                .map(each -> ClientCalls.asyncBidiStreamingCall(channel.newCall(CHAT, CallOptions.DEFAULT), each))
                .toArray(StreamObserver[]::new);
    }

    @Test
    void anEndpointThatIsDownIsUnavailable() throws Exception {
        RefusingAddress refusing = proxy.with(RefusingAddress.open());
        proxy.start(SpecBuilder.webToHttp2(refusing.address()));

        assertThatThrownBy(() -> call(channel(), "hello")).hasMessageContaining("UNAVAILABLE");
    }
}
