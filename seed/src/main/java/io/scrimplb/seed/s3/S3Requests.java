package io.scrimplb.seed.s3;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** Makes signed requests for the JDK's HTTP client. */
final class S3Requests {
    /** The client sets these itself and refuses to be told; it sets them to what was signed. */
    private static final Set<String> SET_BY_CLIENT = Set.of("host", "content-length");

    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
    private final String region;

    S3Requests(String region) {
        this.region = region;
    }

    HttpRequest signed(
            String method, URI target, Map<String, String> headers, byte[] body, AwsCredentials credentials) {
        SdkHttpRequest.Builder unsigned =
                SdkHttpRequest.builder().method(SdkHttpMethod.fromValue(method)).uri(target);
        headers.forEach(unsigned::putHeader);
        SdkHttpRequest request = unsigned.build();
        SignedRequest signed = signer.sign(sign -> sign.identity(identity(credentials))
                .request(request)
                .payload(() -> new ByteArrayInputStream(body))
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                // S3 alone among Amazon's services signs the path as it is sent.
                .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
                .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, true));
        HttpRequest.Builder ready = HttpRequest.newBuilder(target)
                .method(
                        method,
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        signed.request().headers().forEach((name, values) -> {
            if (!SET_BY_CLIENT.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> ready.header(name, value));
            }
        });
        return ready.build();
    }

    private static AwsCredentialsIdentity identity(AwsCredentials credentials) {
        return credentials
                .sessionToken()
                .<AwsCredentialsIdentity>map(token ->
                        AwsSessionCredentialsIdentity.create(credentials.accessKey(), credentials.secretKey(), token))
                .orElseGet(() -> AwsCredentialsIdentity.create(credentials.accessKey(), credentials.secretKey()));
    }
}
