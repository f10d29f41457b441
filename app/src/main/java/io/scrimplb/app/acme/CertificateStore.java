package io.scrimplb.app.acme;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Issued certificates on disk, each with its key in one file, so that the two never come apart. */
final class CertificateStore {
    private static final String ENDING = ".pem";
    private static final String WILDCARD = "*";
    /** Is in no host name, and in every file system's names. */
    private static final String WILDCARD_ON_DISK = "+";

    private final StateDirectory directory;

    CertificateStore(StateDirectory directory) {
        this.directory = directory;
    }

    /**
     * What was read.
     *
     * @param problems files that could not be, one line each
     */
    record Found(List<IssuedCertificate> certificates, List<String> problems) {
        Found {
            certificates = List.copyOf(certificates);
            problems = List.copyOf(problems);
        }
    }

    Found read() {
        List<IssuedCertificate> certificates = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        try {
            for (String name : directory.names(ENDING)) {
                String host = name.substring(0, name.length() - ENDING.length()).replace(WILDCARD_ON_DISK, WILDCARD);
                try {
                    Optional<String> text = directory.read(name);
                    if (text.isPresent()) {
                        certificates.add(IssuedCertificate.read(host, text.get()));
                    }
                } catch (IOException | GeneralSecurityException e) {
                    problems.add(directory.path().resolve(name) + " is not used: " + DiskFault.text(e));
                }
            }
        } catch (IOException e) {
            problems.add(directory.path() + " cannot be read: " + DiskFault.text(e));
        }
        return new Found(certificates, problems);
    }

    void write(IssuedCertificate certificate) throws IOException {
        directory.write(file(certificate.host()), certificate.pem());
    }

    void delete(String host) throws IOException {
        directory.delete(file(host));
    }

    private static String file(String host) {
        return host.toLowerCase(Locale.ROOT).replace(WILDCARD, WILDCARD_ON_DISK) + ENDING;
    }
}
