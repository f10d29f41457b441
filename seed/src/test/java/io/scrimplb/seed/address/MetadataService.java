package io.scrimplb.seed.address;

import com.sun.net.httpserver.HttpExchange;
import io.scrimplb.seed.Environment;
import io.scrimplb.seed.LocalHttp;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** EC2's metadata service, version 2 only: no token, no answer. */
public final class MetadataService implements AutoCloseable {
    private static final String ROOT = "/latest/meta-data/";
    /** Values by path below {@code /latest/meta-data/}. */
    public final Map<String, String> values = new ConcurrentHashMap<>();

    public final LocalHttp http = new LocalHttp(this::answer);

    public MetadataService() throws IOException {}

    public Environment environment() {
        return Map.of("AWS_EC2_METADATA_SERVICE_ENDPOINT", http.url() + "/", "HOME", "/nonexistent")::get;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        boolean put = exchange.getRequestMethod().equals("PUT");
        if (path.equals("/latest/api/token")) {
            String ttl = exchange.getRequestHeaders().getFirst("X-aws-ec2-metadata-token-ttl-seconds");
            LocalHttp.text(exchange, put && ttl != null ? 200 : 405, put ? "TOKEN" : "");
        } else if (!"TOKEN".equals(exchange.getRequestHeaders().getFirst("X-aws-ec2-metadata-token"))) {
            LocalHttp.text(exchange, 401, "");
        } else {
            String value = path.startsWith(ROOT) ? values.get(path.substring(ROOT.length())) : null;
            LocalHttp.text(exchange, value == null ? 404 : 200, value == null ? "" : value);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
