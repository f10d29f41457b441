package io.scrimplb.app.admin;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers all requests to the admin address; first whether the client may ask at all, then what it asked for. */
final class AdminHandler implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String BEARER = "Bearer ";
    private static final String INDEX = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>Scrimp LB</title></head>
            <body><h1>Scrimp LB</h1><ul>
            <li><a href="/api/v1/status">status</a></li>
            <li><a href="/metrics">metrics</a></li>
            <li><a href="/readyz">ready?</a></li>
            <li><a href="/healthz">alive?</a></li>
            </ul></body></html>
            """;

    private final AdminSources sources;
    private final byte @Nullable [] token;
    private final @Nullable HostGuard hostGuard;
    private final StatusJson statusJson = new StatusJson();

    /**
     * @param token null to ask for none
     * @param hostGuard null to answer to any name
     */
    AdminHandler(AdminSources sources, @Nullable String token, @Nullable HostGuard hostGuard) {
        this.sources = sources;
        this.token = token == null ? null : token.getBytes(StandardCharsets.UTF_8);
        this.hostGuard = hostGuard;
    }

    private static final class Reply {
        private final int status;
        private final String contentType;
        private final byte[] body;

        Reply(int status, String contentType, byte[] body) {
            this.status = status;
            this.contentType = contentType;
            this.body = body;
        }

        static Reply text(int status, String body) {
            return new Reply(status, TEXT, (body + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Reply reply;
            try {
                reply = reply(exchange);
            } catch (RuntimeException | IOException e) {
                LOG.error(
                        "admin: {} could not be answered; please report this",
                        exchange.getRequestURI().getRawPath(),
                        e);
                reply = Reply.text(500, "internal error; see the log");
            }
            send(exchange, reply);
        }
    }

    private Reply reply(HttpExchange exchange) throws IOException {
        Headers head = exchange.getRequestHeaders();
        if (hostGuard != null && !hostGuard.admits(head.get("Host"))) {
            return Reply.text(403, "this is an admin address; ask for it by its own name or address");
        }
        if (token != null && !authorized(head.get("Authorization"), token)) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer realm=\"scrimp admin\"");
            return Reply.text(401, "the admin-token is missing or wrong (Authorization: Bearer …)");
        }
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            return Reply.text(405, "only GET and HEAD");
        }
        // As it was sent: a decoded one may hold line ends.
        String path = exchange.getRequestURI().getRawPath();
        return switch (path == null ? "" : path) {
            case "/healthz" -> Reply.text(200, "ok");
            case "/readyz" -> ready();
            case "/metrics" -> metrics();
            case "/api/v1/status" ->
                new Reply(
                        200,
                        "application/json",
                        statusJson.write(sources.status().get()));
            case "/" -> new Reply(200, "text/html; charset=utf-8", INDEX.getBytes(StandardCharsets.UTF_8));
            default -> Reply.text(404, "not found; there are /healthz /readyz /metrics /api/v1/status");
        };
    }

    private Reply ready() {
        List<String> reasons = sources.notReady().get();
        return reasons.isEmpty() ? Reply.text(200, "ready") : Reply.text(503, String.join("\n", reasons));
    }

    private Reply metrics() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(16 * 1024);
        sources.metrics().write(out);
        return new Reply(200, "text/plain; version=0.0.4; charset=utf-8", out.toByteArray());
    }

    private static boolean authorized(@Nullable List<String> headers, byte[] token) {
        if (headers == null || headers.size() != 1) {
            return false;
        }
        String value = headers.get(0);
        if (!value.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return false;
        }
        byte[] shown = value.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8);
        // Takes as long whatever differs, so that the token cannot be found out byte by byte.
        return MessageDigest.isEqual(shown, token);
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        Headers head = exchange.getResponseHeaders();
        head.set("Content-Type", reply.contentType);
        head.set("Cache-Control", "no-store");
        head.set("X-Content-Type-Options", "nosniff");
        head.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        if (exchange.getRequestMethod().equals("HEAD")) {
            head.set("Content-Length", Integer.toString(reply.body.length));
            exchange.sendResponseHeaders(reply.status, -1);
            return;
        }
        exchange.sendResponseHeaders(reply.status, reply.body.length);
        exchange.getResponseBody().write(reply.body);
    }
}
