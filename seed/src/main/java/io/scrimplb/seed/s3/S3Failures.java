package io.scrimplb.seed.s3;

import io.scrimplb.seed.SeedException;
import io.scrimplb.seed.SeedHttp;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The one place where a store's refusal becomes a line that says what to do. */
final class S3Failures {
    /** Error documents are short; an XML parser would be one more thing a stranger can feed. */
    private static final Pattern CODE = Pattern.compile("<Code>([A-Za-z0-9_.]{1,80})</Code>");

    private S3Failures() {}

    /** S3's name of the error, or an empty text. */
    static String code(SeedHttp.Reply reply) {
        Matcher matcher = CODE.matcher(new String(reply.body(), StandardCharsets.UTF_8));
        return matcher.find() ? matcher.group(1) : "";
    }

    static SeedException of(String what, S3Location where, String credentialsFrom, SeedHttp.Reply reply) {
        String code = code(reply);
        String advice = advice(code, where, credentialsFrom, reply);
        return new SeedException(what + " " + where + " was answered with " + reply.status()
                + (code.isEmpty() ? "" : " " + code) + (advice.isEmpty() ? "" : ": " + advice));
    }

    private static String advice(String code, S3Location where, String credentialsFrom, SeedHttp.Reply reply) {
        String region = reply.header("x-amz-bucket-region").orElse("").replaceAll("[^a-z0-9-]", "");
        if (!region.isEmpty() && !region.equals(where.region()) && reply.status() != 404) {
            return "the bucket is in region " + region + ", set provider-config.region to it";
        }
        return switch (code) {
            case "SignatureDoesNotMatch" -> "the secret key from " + credentialsFrom + " is wrong";
            case "InvalidAccessKeyId" -> "the access key from " + credentialsFrom + " is not known there";
            case "ExpiredToken", "InvalidToken", "TokenRefreshRequired" ->
                "the session token from " + credentialsFrom + " is not valid any more";
            case "RequestTimeTooSkewed" -> "this machine's clock is wrong, synchronise it";
            case "AuthorizationHeaderMalformed" -> "check provider-config.region";
            case "NoSuchBucket" -> "create the bucket, or check provider-config.bucket and region";
            case "AccessDenied" ->
                "the credentials from " + credentialsFrom + " need s3:GetObject, s3:PutObject and s3:ListBucket";
            case "SlowDown", "ServiceUnavailable", "InternalError" -> "the store is busy";
            default ->
                switch (reply.status() / 100) {
                    case 3 -> "check provider-config.region and endpoint";
                    case 5 -> "the store is in trouble";
                    default ->
                        reply.status() == 403
                                ? "check the credentials from " + credentialsFrom + " and their rights on the bucket"
                                : "check provider-config.bucket, key and endpoint";
                };
        };
    }
}
