package io.scrimplb.app.acme;

import io.scrimplb.app.registry.Problem;
import java.util.ArrayList;
import java.util.List;

/** What an operator should mend, beyond what stands with each certificate. Written by one thread, read by any. */
final class Concerns {
    private volatile List<Problem> problems = List.of();

    List<Problem> problems() {
        return problems;
    }

    /** Looks anew; what was wrong before keeps the time since when it is. */
    void update(AcmeState state) {
        List<String> wrong = new ArrayList<>();
        state.vault().diskProblem().ifPresent(wrong::add);
        state.books().problem().ifPresent(wrong::add);
        List<String> silent = state.peers().silent(state.now());
        if (!silent.isEmpty()) {
            wrong.add(silent.size() + " load balancers, such as " + silent.get(0)
                    + ", do not take part in automatic certificates: they need the same 'acme' in their configuration");
        }
        List<Problem> before = problems;
        problems = wrong.stream()
                .map(message -> before.stream()
                        .filter(known -> known.message().equals(message))
                        .findFirst()
                        .orElseGet(() -> new Problem("acme", message, state.now())))
                .toList();
    }
}
