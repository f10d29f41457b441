package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.TlsServerCredentials;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.scrimplb.proxy.ProxyOptions.TlsEngine;
import io.scrimplb.proxy.partners.TestAuthority;
import io.scrimplb.proxy.spec.BalancePolicy;
import io.scrimplb.proxy.spec.CertificateSpec;
import io.scrimplb.proxy.spec.OriginProtocol;
import io.scrimplb.proxy.spec.OriginSpec;
import io.scrimplb.proxy.spec.OriginTlsSpec;
import io.scrimplb.proxy.spec.ProxyProtocol;
import io.scrimplb.proxy.spec.UpstreamSpec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** gRPC by TLS on both sides: HTTP/2 is agreed with the client and with the endpoint (ALPN). */
@Timeout(60)
final class GrpcByTlsTest {
    private static final TestAuthority AUTHORITY = TestAuthority.SHARED;
    private static final CertificateSpec SHOWN = AUTHORITY.ec("app.example");
    private static final CertificateSpec BACKEND = AUTHORITY.ec("backend.example");
    private static final int CALLS = 100;

    private static final MethodDescriptor<String, String> ECHO = MethodDescriptor.newBuilder(new Text(), new Text())
            .setType(MethodType.UNARY)
            .setFullMethodName("test.Echo/Echo")
            .build();

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private final Set<SocketAddress> connections = ConcurrentHashMap.newKeySet();

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

    @EveryEngine
    void callsAreAnsweredAndShareFewConnections(TlsEngine engine) throws Exception {
        Server server = server();
        proxy.by(engine).start(spec(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort())));
        ManagedChannel channel = channel();
        List<String> answers = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch left = new CountDownLatch(CALLS);
        // The client knows from then on how many streams it may open.
        assertThat(ClientCalls.blockingUnaryCall(
                        channel, ECHO, CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS), "first"))
                .isEqualTo("first");

        for (int i = 0; i < CALLS; i++) {
            ClientCalls.asyncUnaryCall(
                    channel.newCall(ECHO, CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS)),
                    "hello " + i,
                    new StreamObserver<>() {
                        @Override
                        public void onNext(String value) {
                            answers.add(value);
                        }

                        @Override
                        public void onError(Throwable cause) {
                            answers.add(cause.toString());
                            left.countDown();
                        }

                        @Override
                        public void onCompleted() {
                            left.countDown();
                        }
                    });
        }

        assertThat(left.await(40, TimeUnit.SECONDS)).isTrue();
        assertThat(answers).hasSize(CALLS).allMatch(answer -> answer.startsWith("hello "));
        assertThat(connections).hasSizeBetween(1, 2);
    }

    private static SpecBuilder spec(InetSocketAddress origin) {
        OriginTlsSpec tls = new OriginTlsSpec(List.of(AUTHORITY.certificate()), Optional.of("backend.example"), false);
        return SpecBuilder.bare()
                .https(SpecBuilder.WEB, SpecBuilder.anyPort())
                .certificates(SHOWN)
                .upstream(new UpstreamSpec(
                        "app",
                        BalancePolicy.P2C,
                        List.of(SpecBuilder.endpoint(origin, 100, false)),
                        new OriginSpec(OriginProtocol.HTTPS, tls, ProxyProtocol.NONE),
                        Optional.empty()))
                .route("*", "/", "app");
    }

    private Server server() throws IOException, GeneralSecurityException {
        StringBuilder chain = new StringBuilder();
        for (X509Certificate certificate : BACKEND.chain()) {
            chain.append(pem("CERTIFICATE", certificate.getEncoded()));
        }
        String key = pem("PRIVATE KEY", BACKEND.key().getEncoded());
        Server server = OkHttpServerBuilder.forPort(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        TlsServerCredentials.create(stream(chain.toString()), stream(key)))
                .intercept(new ServerInterceptor() {
                    @Override
                    public <Q, R> ServerCall.Listener<Q> interceptCall(
                            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
                        connections.add(Objects.requireNonNull(
                                call.getAttributes().get(io.grpc.Grpc.TRANSPORT_ATTR_REMOTE_ADDR)));
                        return next.startCall(call, headers);
                    }
                })
                .addService(ServerServiceDefinition.builder("test.Echo")
                        .addMethod(ECHO, ServerCalls.asyncUnaryCall((asked, to) -> {
                            to.onNext(asked);
                            to.onCompleted();
                        }))
                        .build())
                .build()
                .start();
        proxy.with(() -> {
            server.shutdownNow();
            server.awaitTermination();
        });
        return server;
    }

    private ManagedChannel channel() {
        ManagedChannel channel = OkHttpChannelBuilder.forAddress(
                        "127.0.0.1", proxy.web().getPort())
                .overrideAuthority("app.example")
                .sslSocketFactory(AUTHORITY.client().getSocketFactory())
                .build();
        proxy.with(() -> {
            channel.shutdownNow();
            channel.awaitTermination(10, TimeUnit.SECONDS);
        });
        return channel;
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + what + "-----\n";
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }
}
