package io.scrimplb.app.config;

import io.scrimplb.app.certificates.CertificateContent;
import io.scrimplb.app.certificates.CertificateFile;
import io.scrimplb.app.certificates.CertificateFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Looks whether the certificate and key files that a configuration names can be used by this user. */
public final class CertificateFiles {
    private CertificateFiles() {}

    /**
     * What was found.
     *
     * @param problems one for each certificate that cannot be used, at the place that names its file
     * @param notes what an operator should know of those that can
     */
    public record Check(List<Problem> problems, List<String> notes) {
        public Check {
            problems = List.copyOf(problems);
            notes = List.copyOf(notes);
        }
    }

    /** Reads them all, as the load balancer would. */
    public static Check check(LoadedConfig loaded, Instant now) {
        Problems problems = new Problems();
        List<String> notes = new ArrayList<>();
        for (CertificateConfig certificate :
                loaded.config().loadBalancer().tls().certificates()) {
            CertificateFile file = new CertificateFile(certificate.chain(), certificate.key());
            List<CertificateFileException> obstacles = CertificateContent.obstacles(file);
            obstacles.forEach(obstacle -> add(obstacle, certificate, loaded, problems));
            if (!obstacles.isEmpty()) {
                continue;
            }
            try {
                CertificateContent.read(file).parse().notes(now).forEach(note -> notes.add(file.name() + ": " + note));
            } catch (CertificateFileException bad) {
                add(bad, certificate, loaded, problems);
            }
        }
        return new Check(problems.list(), notes);
    }

    private static void add(
            CertificateFileException bad, CertificateConfig certificate, LoadedConfig loaded, Problems problems) {
        String file = bad.file().toString();
        String what = bad.file().equals(certificate.chain()) ? "chain" : "key";
        EffectiveValue named = loaded.values().stream()
                .filter(value ->
                        isCertificate(value.path(), what) && value.text().equals(file))
                .findFirst()
                .orElse(new EffectiveValue(what, file, Origin.DEFAULT));
        problems.add(named.origin(), named.path(), Excerpt.line(file) + ": " + bad.reason());
    }

    private static boolean isCertificate(String path, String what) {
        return path.endsWith("tls-" + what + "-location")
                || (path.contains("certificates[") && path.endsWith("." + what));
    }
}
