package io.scrimplb.app.runtime;

import io.scrimplb.membership.Announcement;
import io.scrimplb.membership.Application;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knocks once at each application that is offered, at the address where the load balancer will look for it, and says when
 * nobody answers: an application that listens on loopback only is the most common mistake there is. A hint and no more; it
 * works on a thread of its own.
 */
final class ApplicationProbe implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ApplicationProbe.class);
    private static final int CONNECT_MILLIS = 1_000;

    private final ExecutorService executor = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "scrimp-probe");
        thread.setDaemon(true);
        return thread;
    });
    private final Set<String> told = new HashSet<>();

    /** Returns at once. */
    void check(Announcement announcement, InetAddress own) {
        executor.execute(() -> {
            for (Application application : announcement.applications()) {
                String advertised = announcement.advertiseAddress();
                knock(
                        application.name(),
                        advertised == null
                                ? new InetSocketAddress(own, application.applicationPort())
                                : new InetSocketAddress(advertised, application.applicationPort()));
            }
        });
    }

    private void knock(String name, InetSocketAddress address) {
        String place = name + "@" + address;
        try (Socket socket = new Socket()) {
            socket.connect(address, CONNECT_MILLIS);
            told.remove(place);
        } catch (IOException e) {
            if (told.add(place)) {
                log.warn(
                        "application {} does not answer at {} ({}): start it, let it listen on that address, or set"
                                + " advertise-address",
                        name,
                        Addresses.text(address),
                        e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
