package io.scrimplb.app.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Asks the admin address of a process on this machine. */
final class Admin {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final int port;

    Admin(int port) {
        this.port = port;
    }

    JsonNode status() throws IOException {
        return JSON.readTree(get("/api/v1/status").body());
    }

    Exchange.Reply get(String path) throws IOException {
        return Exchange.get(port, "127.0.0.1:" + port, path);
    }

    /** Addresses of an application's endpoints, those of suspected members included. */
    List<String> endpoints(String application) throws IOException {
        return endpoints(status(), application, false);
    }

    /** The endpoints that are used, those of suspected members left out. */
    List<String> usedEndpoints(String application) throws IOException {
        return endpoints(status(), application, true);
    }

    static List<String> endpoints(JsonNode status, String application, boolean onlyUsed) {
        List<String> endpoints = new ArrayList<>();
        for (JsonNode candidate : status.path("applications")) {
            if (candidate.path("name").asText().equals(application)) {
                for (JsonNode endpoint : candidate.path("endpoints")) {
                    if (!onlyUsed || !endpoint.path("suspected").asBoolean()) {
                        endpoints.add(endpoint.path("address").asText());
                    }
                }
            }
        }
        return endpoints;
    }
}
