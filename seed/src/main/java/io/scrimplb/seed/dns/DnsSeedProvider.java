package io.scrimplb.seed.dns;

import io.scrimplb.seed.Seed;
import io.scrimplb.seed.SeedException;
import io.scrimplb.seed.SeedProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.naming.NamingException;

/**
 * Seeds from DNS: the SRV records of {@code _scrimp._tcp.NAME} (of the name itself when it starts with an underscore),
 * by priority; where there are none, every A and AAAA address of the name, with the configured port.
 */
public final class DnsSeedProvider implements SeedProvider {
    static final String TYPE = "dns";

    /** Answers beyond this many are left out. */
    static final int MAX_RECORDS = 100;

    private static final String SERVICE = "_scrimp._tcp.";
    private final String name;
    private final int port;
    private final DnsLookup lookup;

    DnsSeedProvider(String name, int port, DnsLookup lookup) {
        this.name = name;
        this.port = port;
        this.lookup = lookup;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String location() {
        return "DNS name " + name;
    }

    @Override
    public List<Seed> seeds() throws SeedException {
        boolean service = name.startsWith("_");
        try {
            List<Seed> targets = services(service ? name : SERVICE + name);
            if (!targets.isEmpty() || service) {
                return targets;
            }
            List<String> addresses = new ArrayList<>(lookup.records(name, "A"));
            addresses.addAll(lookup.records(name, "AAAA"));
            return seeds(addresses.isEmpty() ? lookup.systemAddresses(name) : addresses);
        } catch (NamingException e) {
            List<String> known = service ? List.of() : lookup.systemAddresses(name);
            if (!known.isEmpty()) {
                return seeds(known);
            }
            throw new SeedException(
                    location() + ": no name server answered; check provider-config.name and this"
                            + " machine's name servers (" + reason(e) + ")",
                    e);
        }
    }

    private List<Seed> seeds(List<String> addresses) {
        return addresses.stream()
                .limit(MAX_RECORDS)
                .map(address -> new Seed(address, port, null))
                .toList();
    }

    private List<Seed> services(String serviceName) throws NamingException {
        return lookup.records(serviceName, "SRV").stream()
                .flatMap(record -> Service.parse(record).stream())
                .sorted()
                .limit(MAX_RECORDS)
                .map(target -> new Seed(target.host(), target.port(), null))
                .toList();
    }

    private static String reason(NamingException e) {
        String message = e.getMessage();
        return message == null
                ? e.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }

    /** The data of an SRV record: {@code priority weight port host}. */
    private record Service(int priority, int weight, int port, String host) implements Comparable<Service> {
        static Optional<Service> parse(String record) {
            String[] fields = record.split(" ", -1);
            if (fields.length != 4) {
                return Optional.empty();
            }
            String host = fields[3].endsWith(".") ? fields[3].substring(0, fields[3].length() - 1) : fields[3];
            try {
                // An empty host is RFC 2782's way to say that there is no such service.
                return host.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Service(
                                Integer.parseInt(fields[0]), Integer.parseInt(fields[1]), Seed.port(fields[2]), host));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }

        @Override
        public int compareTo(Service other) {
            int byPriority = Integer.compare(priority, other.priority);
            return byPriority != 0 ? byPriority : Integer.compare(other.weight, weight);
        }
    }
}
