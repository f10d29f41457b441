import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/** A tiny web application that says on which machine it runs. It knows nothing of Scrimp LB. */
public final class Hello {
    private static final int THREADS = 4;
    /** What requests in flight get to finish once the application is told to end. */
    private static final int GRACE_SECONDS = 1;

    private final byte[] greeting;

    private Hello(String machine) {
        greeting = ("Hello from " + machine + "\n").getBytes(StandardCharsets.UTF_8);
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("usage: Hello PORT NAME");
            System.exit(2);
        }
        HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(arguments[0])), 0);
        server.createContext("/", new Hello(arguments[1])::answer);
        server.setExecutor(Executors.newFixedThreadPool(THREADS));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(GRACE_SECONDS)));
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
            exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(200, head ? -1 : greeting.length);
            if (!head) {
                exchange.getResponseBody().write(greeting);
            }
        }
    }
}
