package io.scrimplb.seed.s3;

import io.scrimplb.seed.Seed;
import io.scrimplb.seed.SeedConflictException;
import io.scrimplb.seed.SeedCorruptException;
import io.scrimplb.seed.SeedException;
import io.scrimplb.seed.SeedHttp;
import io.scrimplb.seed.SeedProvider;
import io.scrimplb.seed.SeedSet;
import io.scrimplb.seed.SeedSnapshot;
import io.scrimplb.seed.SeedStore;
import io.scrimplb.seed.SeedVersion;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The seed object in S3 or a store that speaks its protocol. A write goes through only if the object still has the ETag
 * that was read. A store that refuses such conditions with 501 gets plain writes from then on; an entry lost to a write
 * at the same moment then comes back with its owner's next push.
 */
public final class S3SeedProvider implements SeedProvider, SeedStore {
    static final String TYPE = "s3";
    private static final Logger log = LoggerFactory.getLogger(S3SeedProvider.class);
    private static final byte[] NO_BODY = {};

    private final S3Location where;
    private final CredentialsSource credentials;
    private final SeedHttp http;
    private final S3Requests requests;
    private volatile boolean conditional = true;

    S3SeedProvider(S3Location where, CredentialsSource credentials, SeedHttp http) {
        this.where = where;
        this.credentials = credentials;
        this.http = http;
        this.requests = new S3Requests(where.region());
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String location() {
        return where.toString();
    }

    @Override
    public List<Seed> seeds() throws SeedException {
        return read().seeds().seeds();
    }

    @Override
    public Optional<SeedStore> store() {
        return Optional.of(this);
    }

    @Override
    public SeedSnapshot read() throws SeedException {
        AwsCredentials as = resolve();
        SeedHttp.Reply reply = send("GET", Map.of(), NO_BODY, as);
        if (reply.status() == 404 && !S3Failures.code(reply).equals("NoSuchBucket")) {
            return SeedSnapshot.absent();
        }
        if (reply.status() != 200) {
            throw S3Failures.of("reading", where, as.from(), reply);
        }
        SeedVersion version =
                reply.header("ETag").<SeedVersion>map(SeedVersion.Tagged::new).orElseGet(SeedVersion.Untagged::new);
        try {
            return new SeedSnapshot(SeedSet.parse(reply.body(), location()), version);
        } catch (SeedCorruptException e) {
            throw e.at(version);
        }
    }

    @Override
    public void write(SeedSet seeds, SeedVersion version) throws SeedException {
        byte[] body = seeds.toJson();
        AwsCredentials as = resolve();
        SeedHttp.Reply reply = put(body, conditional ? version : new SeedVersion.Untagged(), as);
        if (reply.status() == 501 && conditional && !(version instanceof SeedVersion.Untagged)) {
            SeedHttp.Reply plain = put(body, new SeedVersion.Untagged(), as);
            if (plain.status() / 100 == 2) {
                conditional = false;
                log.warn("the store of {} knows no conditional writes: from now on the last writer wins", where);
            }
            reply = plain;
        }
        // 404 to If-Match: the object was deleted since it was read.
        boolean gone = reply.status() == 404 && S3Failures.code(reply).equals("NoSuchKey");
        if (reply.status() == 412 || reply.status() == 409 || gone) {
            throw new SeedConflictException(where + " was written by somebody else meanwhile");
        }
        if (reply.status() / 100 != 2) {
            throw S3Failures.of("writing", where, as.from(), reply);
        }
    }

    private SeedHttp.Reply put(byte[] body, SeedVersion version, AwsCredentials as) throws SeedException {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        if (version instanceof SeedVersion.Tagged tagged) {
            headers.put("If-Match", tagged.tag());
        } else if (version instanceof SeedVersion.Absent) {
            headers.put("If-None-Match", "*");
        }
        return send("PUT", headers, body, as);
    }

    private SeedHttp.Reply send(String method, Map<String, String> headers, byte[] body, AwsCredentials as)
            throws SeedException {
        try {
            return http.send(requests.signed(method, where.object(), headers, body, as));
        } catch (IOException e) {
            throw new SeedException(
                    where + " at " + where.object().getRawAuthority() + " cannot be reached: " + e.getMessage(), e);
        }
    }

    private AwsCredentials resolve() throws SeedException {
        try {
            return credentials
                    .find()
                    .orElseThrow(() -> new SeedException("no credentials for " + where
                            + ": set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give the instance"
                            + " a role"));
        } catch (CredentialsException e) {
            throw new SeedException("no credentials for " + where + ": " + e.getMessage(), e);
        }
    }
}
