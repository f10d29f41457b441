package io.scrimplb.app.it;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A steady load over a few kept connections. Anything but a 200 is a failure; so is a connection that the other side cut
 * under a request. Nothing is retried.
 */
final class Load implements AutoCloseable {
    private static final int CONNECTIONS = 5;

    private final int port;
    private final String host;
    private final long periodNanos;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong answered = new AtomicLong();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final long start = System.nanoTime();
    private volatile boolean ending;

    Load(int port, String host, int requestsPerSecond) {
        this.port = port;
        this.host = host;
        this.periodNanos = 1_000_000_000L * CONNECTIONS / requestsPerSecond;
        for (int i = 0; i < CONNECTIONS; i++) {
            Thread thread = new Thread(this::run, "load-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    private void run() {
        while (!ending) {
            try (Exchange exchange = new Exchange(port)) {
                long next = System.nanoTime();
                while (!ending) {
                    Exchange.Reply reply = exchange.get(host, "/");
                    answered.incrementAndGet();
                    if (reply.status() != 200) {
                        failures.add(reply.status() + " " + reply.headers().get("x-scrimp-error"));
                    }
                    if (reply.headers().getOrDefault("connection", "").equals("close")) {
                        break;
                    }
                    next += periodNanos;
                    long now = System.nanoTime();
                    while (now < next && !ending) {
                        LockSupport.parkNanos(next - now);
                        now = System.nanoTime();
                    }
                }
            } catch (IOException | RuntimeException e) {
                failures.add(e.toString());
                LockSupport.parkNanos(periodNanos);
            }
        }
    }

    long answered() {
        return answered.get();
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Requests per second so far. */
    long rate() {
        return answered.get() * 1_000_000_000L / (System.nanoTime() - start);
    }

    /** Ends after the requests in flight. */
    @Override
    public void close() throws InterruptedException {
        ending = true;
        for (Thread thread : threads) {
            thread.join(40_000);
        }
    }
}
