package io.scrimplb.seed.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Hashtable;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.Attributes;
import javax.naming.directory.InitialDirContext;

/**
 * Asks name servers by the JDK's own DNS client, and, for addresses they do not know, the operating system, which also
 * reads the hosts file and the search domains.
 */
final class DnsLookup {
    /** The first of the attempts waits this long, each next one twice as long: 7 s in all. */
    private static final Duration INITIAL_TIMEOUT = Duration.ofSeconds(1);

    private static final String ATTEMPTS = "3";
    private static final long SYSTEM_TIMEOUT_SECONDS = 5;

    private final String servers;
    private final boolean askSystem;
    private final Duration initialTimeout;

    private DnsLookup(String servers, boolean askSystem, Duration initialTimeout) {
        this.initialTimeout = initialTimeout;
        this.servers = servers;
        this.askSystem = askSystem;
    }

    /** The machine's own name servers and resolver. */
    static DnsLookup system() {
        return new DnsLookup("dns:", true, INITIAL_TIMEOUT);
    }

    /** One name server alone, {@code host:port}. */
    static DnsLookup of(String server, Duration initialTimeout) {
        return new DnsLookup("dns://" + server, false, initialTimeout);
    }

    /**
     * The records of one type, as the JDK prints their data; empty when there are none.
     *
     * @throws NamingException when no name server answers
     */
    // The ban is about directories that hand out objects; the DNS provider hands out texts and bytes.
    @SuppressWarnings("BanJNDI")
    List<String> records(String name, String type) throws NamingException {
        Hashtable<String, String> settings = new Hashtable<>();
        settings.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        settings.put(Context.PROVIDER_URL, servers);
        settings.put("com.sun.jndi.dns.timeout.initial", String.valueOf(initialTimeout.toMillis()));
        settings.put("com.sun.jndi.dns.timeout.retries", ATTEMPTS);
        InitialDirContext context = new InitialDirContext(settings);
        try {
            Attributes attributes = context.getAttributes(name, new String[] {type});
            Attribute attribute = attributes.get(type);
            if (attribute == null) {
                return List.of();
            }
            List<String> records = new ArrayList<>();
            NamingEnumeration<?> values = attribute.getAll();
            while (values.hasMore()) {
                records.add(String.valueOf(values.next()));
            }
            // The order of an answer is no order, and a stable list makes stable logs.
            Collections.sort(records);
            return records;
        } catch (NameNotFoundException e) {
            return List.of();
        } finally {
            context.close();
        }
    }

    /** What the operating system knows of the name; empty when nothing, or not in time. */
    List<String> systemAddresses(String name) {
        if (!askSystem) {
            return List.of();
        }
        CompletableFuture<Optional<InetAddress[]>> answer = new CompletableFuture<>();
        Thread asking = new Thread(() -> answer.complete(byName(name)), "scrimp-seed-dns");
        asking.setDaemon(true);
        asking.start();
        try {
            return answer.get(SYSTEM_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .map(found -> Arrays.stream(found)
                            .map(InetAddress::getHostAddress)
                            .toList())
                    .orElse(List.of());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        } catch (TimeoutException | ExecutionException e) {
            return List.of();
        }
    }

    private static Optional<InetAddress[]> byName(String name) {
        try {
            return Optional.of(InetAddress.getAllByName(name));
        } catch (UnknownHostException | RuntimeException e) {
            return Optional.empty();
        }
    }
}
