package io.scrimplb.app.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Looks whether the certificate and key files that a configuration names can be read by this user. */
public final class CertificateFiles {
    private CertificateFiles() {}

    /** One problem for each file that cannot be read, at the place that names it. */
    public static List<Problem> check(LoadedConfig loaded) {
        Problems problems = new Problems();
        for (CertificateConfig certificate :
                loaded.config().loadBalancer().tls().certificates()) {
            check(certificate.chain(), "chain", loaded, problems);
            check(certificate.key(), "key", loaded, problems);
        }
        return problems.list();
    }

    private static void check(Path file, String what, LoadedConfig loaded, Problems problems) {
        try (InputStream in = Files.newInputStream(file)) {
            // One byte shows what opening alone does not: a directory opens and cannot be read.
            if (in.read() < 0) {
                add(file, what, "is empty", loaded, problems);
            }
        } catch (IOException failed) {
            add(file, what, SourceFile.reason(file, failed), loaded, problems);
        }
    }

    private static void add(Path file, String what, String reason, LoadedConfig loaded, Problems problems) {
        EffectiveValue named = loaded.values().stream()
                .filter(value ->
                        isCertificate(value.path(), what) && value.text().equals(file.toString()))
                .findFirst()
                .orElse(new EffectiveValue(what, file.toString(), Origin.DEFAULT));
        problems.add(named.origin(), named.path(), Excerpt.line(file.toString()) + ": " + reason);
    }

    private static boolean isCertificate(String path, String what) {
        return path.endsWith("tls-" + what + "-location")
                || (path.contains("certificates[") && path.endsWith("." + what));
    }
}
