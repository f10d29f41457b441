package io.scrimplb.app.config;

import java.util.ArrayList;
import java.util.List;

/**
 * The one place that knows what is read and has no effect in this version, so that nothing is silently ignored. A
 * feature that arrives takes its line away.
 */
final class NotYet {
    private final List<String> notes = new ArrayList<>();

    private NotYet() {}

    static List<String> notes(Values root) {
        NotYet notYet = new NotYet();
        Values loadBalancer = root.need(Schema.LOAD_BALANCER_CONFIG);
        notYet.loadBalancer(loadBalancer);
        root.need(Schema.BACKEND_CONFIG).need(Schema.APPLICATIONS).forEach(notYet::application);
        return List.copyOf(notYet.notes);
    }

    /** For an application in a file of its own. */
    static List<String> notesOfApplication(Values application) {
        NotYet notYet = new NotYet();
        notYet.application(application);
        return List.copyOf(notYet.notes);
    }

    private void loadBalancer(Values values) {
        if (!LoadBalancerSchema.hasCertificates(values)) {
            key(values, LoadBalancerSchema.HTTPS_REDIRECT_PORT, "there are no certificates, so nothing is https");
        }
        Values limits = values.need(LoadBalancerSchema.LIMITS);
        if (limits.need(LoadBalancerSchema.MEMORY).isPresent()) {
            key(limits, LoadBalancerSchema.MEMORY, "bound the memory by the JVM's own options");
        }
        List<String> old = new ArrayList<>();
        for (Key<?> key : List.of(
                LoadBalancerSchema.GENERATOR,
                LoadBalancerSchema.GENERATOR_TARGET,
                LoadBalancerSchema.GENERATOR_STDOUT)) {
            if (values.has(key)) {
                old.add(key.name());
            }
        }
        if (!old.isEmpty()) {
            notes.add(values.path() + ": " + String.join(", ", old)
                    + " ignored: this program forwards by itself and drives no nginx");
        }
    }

    private void application(Values values) {
        if (values.need(ApplicationSchema.STICKY)) {
            key(values, ApplicationSchema.STICKY, "clients are spread over all endpoints");
        }
        key(values, ApplicationSchema.HEALTH, "endpoints are not probed");
        key(values, ApplicationSchema.RESOURCES, "nothing is placed by it");
    }

    private void key(Values values, Key<?> key, String consequence) {
        if (values.has(key)) {
            notes.add(place(values, key) + " is read but not used by this version: " + consequence);
        }
    }

    private static String place(Values values, Key<?> key) {
        return values.path(key);
    }
}
