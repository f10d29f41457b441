package io.scrimplb.app.control;

import io.scrimplb.app.registry.ApplicationStatus;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;

/** Tells the operator, one line a change, where an application can be reached, that it cannot, or that it is gone. */
final class RouteLog {
    /** Routes that one line spells out. */
    private static final int MAX_LISTED = 5;

    private final Logger log;
    private final LogBudget budget;
    private Map<String, String> told = Map.of();

    RouteLog(Logger log) {
        this.log = log;
        this.budget = new LogBudget(log, "changes of applications");
    }

    LogBudget budget() {
        return budget;
    }

    void settle(List<ApplicationStatus> applications, Instant at) {
        Map<String, String> now = new HashMap<>();
        for (ApplicationStatus application : applications) {
            String state = state(application);
            now.put(application.name(), state);
            if (!state.equals(told.get(application.name())) && budget.take(at)) {
                log.info("application {}: {}", application.name(), state);
            }
        }
        for (String name : told.keySet()) {
            if (!now.containsKey(name) && budget.take(at)) {
                log.info("application {}: gone", name);
            }
        }
        told = now;
    }

    private static String state(ApplicationStatus application) {
        List<String> routes = application.routes();
        if (application.forgottenAt() != null) {
            return routes.isEmpty() ? "no endpoint left" : "no endpoint left, answers 503";
        }
        if (routes.isEmpty()) {
            return "not routed";
        }
        String listed = String.join(", ", routes.subList(0, Math.min(MAX_LISTED, routes.size())));
        int rest = routes.size() - MAX_LISTED;
        return "routed from " + listed + (rest > 0 ? " and " + rest + " more" : "");
    }
}
