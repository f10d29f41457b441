package io.scrimplb.app.runtime;

import io.scrimplb.proxy.spec.ChallengeSpec;
import io.scrimplb.proxy.spec.ProxySpec;
import io.scrimplb.proxy.spec.SpecProblem;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which challenges of a spec the proxy answers. Stateless. */
final class Challenges {
    private Challenges() {}

    /** @param problems what the proxy left out; one that it names is not shown, or not surely the one that is meant */
    static List<ChallengeSpec> shown(ProxySpec spec, List<SpecProblem> problems) {
        Set<String> refused = problems.stream().map(SpecProblem::object).collect(Collectors.toSet());
        return spec.tls().challenges().stream()
                .filter(challenge -> objects(challenge).noneMatch(refused::contains))
                .toList();
    }

    /** As the proxy calls it, or its certificate, in its problems. */
    private static Stream<String> objects(ChallengeSpec challenge) {
        if (challenge instanceof ChallengeSpec.TlsAlpn alpn) {
            return Stream.of(
                    "challenge for " + alpn.host(),
                    "certificate " + alpn.certificate().name());
        }
        return Stream.of("challenge " + ((ChallengeSpec.Http) challenge).token());
    }
}
