package io.scrimplb.membership.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/**
 * A network namespace for each place, and one with two bridges between them: {@code LB1} and the crowd hang on the one,
 * {@code LB2} and the single backend on the other. Needs root. Namespaces are named after this process, so that two
 * runs do not meet.
 */
final class Namespaces implements Network {
    private final String name = "scb" + ProcessHandle.current().pid();
    private final List<String> made = new ArrayList<>();

    Namespaces() throws IOException {
        try {
            make("hub");
            in("hub", "link", "add", "west", "type", "bridge");
            in("hub", "link", "add", "east", "type", "bridge");
            in("hub", "link", "add", "bridgewest", "type", "veth", "peer", "name", "bridgeeast");
            in("hub", "link", "set", "bridgewest", "master", "west");
            in("hub", "link", "set", "bridgeeast", "master", "east");
            for (String device : List.of("west", "east", "bridgewest", "bridgeeast")) {
                in("hub", "link", "set", device, "up");
            }
            for (Place place : Place.values()) {
                String own = make(place.name());
                String port = "to" + place.name();
                in("hub", "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", own);
                in("hub", "link", "set", port, "master", west(place) ? "west" : "east");
                in("hub", "link", "set", port, "up");
                in(place.name(), "address", "add", address(place) + "/24", "dev", "eth0");
                in(place.name(), "link", "set", "eth0", "up");
                in(place.name(), "link", "set", "lo", "up");
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private static boolean west(Place place) {
        return EnumSet.of(Place.LB1, Place.CROWD).contains(place);
    }

    private String make(String suffix) throws IOException {
        String own = name + suffix;
        Commands.run("ip", "netns", "add", own);
        made.add(own);
        return own;
    }

    private void in(String suffix, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip", "-n", name + suffix));
        command.addAll(List.of(arguments));
        Commands.run(command.toArray(String[]::new));
    }

    @Override
    public List<String> prefix(Place place) {
        return List.of("ip", "netns", "exec", name + place.name());
    }

    @Override
    public String address(Place place) {
        return "10.213.77." + (10 + place.ordinal());
    }

    @Override
    public Traffic total() throws IOException {
        Traffic total = new Traffic(0, 0, 0);
        for (Place place : Place.values()) {
            // The crowd talks among itself over its loopback.
            total = total.plus(counters(place).through("eth0", "lo"));
        }
        return total;
    }

    @Override
    public Traffic of(Place place) throws IOException {
        return counters(place).through("eth0");
    }

    private NetworkCounters counters(Place place) throws IOException {
        List<String> command = new ArrayList<>(prefix(place));
        command.add("cat");
        command.addAll(NetworkCounters.FILES);
        return new NetworkCounters(Commands.run(command.toArray(String[]::new)));
    }

    @Override
    public boolean separate() {
        return true;
    }

    @Override
    public void cut(boolean apart) throws IOException {
        in("hub", "link", "set", "bridgewest", apart ? "down" : "up");
    }

    @Override
    public String describe() {
        return "in network namespaces of their own, nothing else in them";
    }

    @Override
    public void close() {
        for (String own : made) {
            try {
                Commands.run("ip", "netns", "delete", own);
            } catch (IOException e) {
                System.err.println(e.getMessage());
            }
        }
        made.clear();
    }
}
