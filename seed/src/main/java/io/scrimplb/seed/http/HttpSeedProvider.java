package io.scrimplb.seed.http;

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
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Optional;

/** The seed object behind a URL. Without an ETag from the server a write is not conditional: the last writer wins. */
public final class HttpSeedProvider implements SeedProvider, SeedStore {
    static final String TYPE = "http";
    private final URI url;
    private final Optional<String> token;
    private final boolean writable;
    private final SeedHttp http = SeedHttp.forStores();

    /**
     * @param token sent as {@code Authorization: Bearer}
     * @param writable whether load balancers push their seed by PUT
     */
    public HttpSeedProvider(URI url, Optional<String> token, boolean writable) {
        this.url = url;
        this.token = token;
        this.writable = writable;
    }

    @Override
    public String type() {
        return TYPE;
    }

    /** Without the query, where people put keys. */
    @Override
    public String location() {
        String text = url.toString();
        int query = text.indexOf('?');
        return query < 0 ? text : text.substring(0, query);
    }

    @Override
    public List<Seed> seeds() throws SeedException {
        return read().seeds().seeds();
    }

    @Override
    public Optional<SeedStore> store() {
        return writable ? Optional.of(this) : Optional.empty();
    }

    @Override
    public SeedSnapshot read() throws SeedException {
        SeedHttp.Reply reply = send("GET", request().GET());
        if (reply.status() == 404) {
            return SeedSnapshot.absent();
        }
        if (reply.status() != 200 && reply.status() != 204) {
            throw refused("GET", reply);
        }
        // A weak tag never satisfies If-Match (RFC 9110, 13.1.1), so every write would be a conflict.
        SeedVersion version = reply.header("ETag")
                .filter(tag -> !tag.startsWith("W/"))
                .<SeedVersion>map(SeedVersion.Tagged::new)
                .orElseGet(SeedVersion.Untagged::new);
        try {
            return new SeedSnapshot(SeedSet.parse(reply.body(), location()), version);
        } catch (SeedCorruptException e) {
            throw e.at(version);
        }
    }

    @Override
    public void write(SeedSet seeds, SeedVersion version) throws SeedException {
        HttpRequest.Builder request = request()
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(seeds.toJson()));
        if (version instanceof SeedVersion.Tagged tagged) {
            request.header("If-Match", tagged.tag());
        } else if (version instanceof SeedVersion.Absent) {
            request.header("If-None-Match", "*");
        }
        SeedHttp.Reply reply = send("PUT", request);
        if (reply.status() == 412 || reply.status() == 409) {
            throw new SeedConflictException(location() + " was written by somebody else meanwhile");
        }
        if (reply.status() / 100 != 2) {
            throw refused("PUT", reply);
        }
    }

    private HttpRequest.Builder request() {
        HttpRequest.Builder request = HttpRequest.newBuilder(url).header("Accept", "application/json");
        token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        return request;
    }

    private SeedHttp.Reply send(String method, HttpRequest.Builder request) throws SeedException {
        try {
            return http.send(request.build());
        } catch (IOException e) {
            throw new SeedException(method + " " + location() + ": " + e.getMessage(), e);
        }
    }

    private SeedException refused(String method, SeedHttp.Reply reply) {
        String advice = switch (reply.status()) {
            case 401, 403 -> ": check provider-config.token";
            case 301, 302, 303, 307, 308 ->
                ": it redirects to " + reply.header("Location").orElse("elsewhere")
                        + ", put the final address into provider-config.url";
            case 405, 501 -> ": the server does not take " + method + ", set provider-config.writable to false";
            default -> "";
        };
        return new SeedException(method + " " + location() + " was answered with " + reply.status() + advice);
    }
}
