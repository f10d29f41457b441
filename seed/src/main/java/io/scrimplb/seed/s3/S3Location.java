package io.scrimplb.seed.s3;

import io.scrimplb.seed.Environment;
import io.scrimplb.seed.ProviderConfig;
import io.scrimplb.seed.SeedConfigException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which object, and where.
 *
 * @param object its URL, with the bucket in the path or in the host name
 * @param region what requests are signed for
 */
record S3Location(String bucket, String key, String region, URI object) {
    private static final String DEFAULT_KEY = "scrimplb";
    /** What stores that know no regions expect in a signature. */
    private static final String DEFAULT_REGION = "us-east-1";

    private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,62}");
    private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,40}");
    private static final int MAX_KEY_BYTES = 1024;

    static S3Location from(ProviderConfig config, Environment environment) throws SeedConfigException {
        String bucket = config.text("bucket");
        if (!BUCKET.matcher(bucket).matches()) {
            throw new SeedConfigException("bucket", "'bucket' is not a bucket's name: " + bucket);
        }
        String key = config.optionalText("key").orElse(DEFAULT_KEY);
        key = key.startsWith("/") ? key.substring(1) : key;
        if (key.isEmpty() || key.getBytes(StandardCharsets.UTF_8).length > MAX_KEY_BYTES) {
            throw new SeedConfigException("key", "'key' must have 1 to " + MAX_KEY_BYTES + " bytes");
        }
        Optional<URI> endpoint = config.optionalHttpUrl("endpoint");
        if (endpoint.filter(url -> url.getQuery() != null || url.getFragment() != null)
                .isPresent()) {
            throw new SeedConfigException("endpoint", "'endpoint' must be a URL without '?' and '#'");
        }
        Optional<String> region = config.optionalText("region")
                .or(() -> environment.get("AWS_REGION"))
                .or(() -> environment.get("AWS_DEFAULT_REGION"))
                .or(() -> endpoint.map(any -> DEFAULT_REGION));
        if (region.isEmpty() || !REGION.matcher(region.get()).matches()) {
            throw new SeedConfigException(
                    "region", "provider s3 needs 'region', such as eu-west-1 (or AWS_REGION in the environment)");
        }
        // A bucket with a dot does not fit Amazon's wildcard certificate, so it goes into the path.
        boolean pathStyle = config.bool("path-style", endpoint.isPresent() || bucket.indexOf('.') >= 0);
        URI base = endpoint.orElseGet(() -> URI.create(
                "https://s3." + region.get() + ".amazonaws.com" + (region.get().startsWith("cn-") ? ".cn" : "")));
        return new S3Location(bucket, key, region.get(), object(base, bucket, key, pathStyle));
    }

    private static URI object(URI base, String bucket, String key, boolean pathStyle) {
        String authority = pathStyle ? base.getRawAuthority() : bucket + "." + base.getRawAuthority();
        String prefix = base.getRawPath() == null ? "" : base.getRawPath().replaceAll("/+$", "");
        String path = prefix + (pathStyle ? "/" + bucket : "") + "/" + encoded(key);
        return URI.create(base.getScheme() + "://" + authority + path);
    }

    /** Everything but RFC 3986's unreserved characters and the slash in percent form, as the signature wants it. */
    private static String encoded(String key) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "-._~/".indexOf(c) >= 0);
            encoded.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
        }
        return encoded.toString();
    }

    @Override
    public String toString() {
        return "s3://" + bucket + "/" + key;
    }
}
