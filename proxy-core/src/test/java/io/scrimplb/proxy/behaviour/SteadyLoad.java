package io.scrimplb.proxy.behaviour;

import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RawResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that send one request after the other, GET and POST in turn, most on a connection kept and some on a new one,
 * to an origin that answers with target and body length. Every answer that is not exactly right is a failure.
 */
final class SteadyLoad implements AutoCloseable {
    private static final int REQUESTS_PER_CONNECTION = 50;
    private static final int MOST_FAILURES_KEPT = 20;

    private final InetSocketAddress address;
    private final String host;
    private final List<Thread> threads = new ArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final AtomicInteger completed = new AtomicInteger();
    private final Semaphore progress = new Semaphore(0);
    private volatile boolean stopping;

    private SteadyLoad(InetSocketAddress address, String host) {
        this.address = address;
        this.host = host;
    }

    static SteadyLoad start(InetSocketAddress address, String host, int clients) {
        SteadyLoad load = new SteadyLoad(address, host);
        for (int i = 0; i < clients; i++) {
            int number = i;
            Thread thread = new Thread(() -> load.run(number), "load " + i);
            thread.setDaemon(true);
            load.threads.add(thread);
            thread.start();
        }
        return load;
    }

    /** Waits for that many further requests to be answered. */
    void awaitProgress(int requests) throws InterruptedException {
        if (!progress.tryAcquire(requests, 10, TimeUnit.SECONDS)) {
            throw new AssertionError("the load stands still; failures so far: " + failures);
        }
    }

    int completed() {
        return completed.get();
    }

    /** Ends the load and gives what failed. */
    List<String> stop() throws InterruptedException {
        stopping = true;
        for (Thread thread : threads) {
            thread.join(15_000);
        }
        return List.copyOf(failures);
    }

    private void run(int number) {
        int sent = 0;
        while (!stopping && failures.size() < MOST_FAILURES_KEPT) {
            try (RawClient client = RawClient.connect(address)) {
                for (int i = 0; i < REQUESTS_PER_CONNECTION && !stopping; i++, sent++) {
                    exchange(client, number, sent);
                    completed.incrementAndGet();
                    progress.release();
                }
            } catch (IOException | RuntimeException e) {
                failures.add("client " + number + ", request " + sent + ": " + e);
            }
        }
    }

    private void exchange(RawClient client, int number, int sent) throws IOException {
        String target = (sent % 2 == 0 ? "/get/" : "/post/") + number + "/" + sent;
        String body = sent % 2 == 0 ? "" : "x".repeat(sent % 3000);
        if (sent % 2 == 0) {
            client.head("GET " + target + " HTTP/1.1", "Host: " + host);
        } else {
            client.send("POST " + target + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: " + body.length()
                    + "\r\n\r\n" + body);
        }
        RawResponse response = client.response();
        String expected = target + " " + body.length();
        if (response.status() != 200 || !response.text().equals(expected)) {
            failures.add(target + " got " + response.status() + " <" + response.text() + ">");
        }
    }

    @Override
    public void close() throws InterruptedException {
        stop();
    }
}
