package io.scrimplb.membership.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** This machine's own loopback: whatever else uses it is counted, too. */
final class Loopback implements Network {
    @Override
    public List<String> prefix(Place place) {
        return List.of();
    }

    @Override
    public String address(Place place) {
        return "127.0.0.1";
    }

    @Override
    public Traffic total() throws IOException {
        StringBuilder text = new StringBuilder();
        for (String file : NetworkCounters.FILES) {
            text.append(Files.readString(Path.of(file)));
        }
        return new NetworkCounters(text.toString()).through("lo");
    }

    @Override
    public Traffic of(Place place) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean separate() {
        return false;
    }

    @Override
    public void cut(boolean apart) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String describe() {
        return "all of this machine's loopback, other programs included";
    }

    @Override
    public void close() {}
}
