package io.scrimplb.app.certificates;

import io.scrimplb.proxy.spec.CertificateSpec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * One certificate in files, judged by content: neither a date of a file nor where a link leads says whether it changed. Not
 * thread-safe.
 *
 * <p>Chain and key are written one after the other, and neither at once. So what cannot be used is believed to be broken only
 * when two looks in succession see the same.
 */
final class FollowedCertificate {
    private final CertificateFile file;
    private final Logger log;
    /** What was judged last; null before the first time. */
    private @Nullable String judged;
    /** What could not be used at the last look, and may only be half written. */
    private @Nullable String doubtful;

    private @Nullable CertificateSpec inUse;
    private @Nullable String problem;

    FollowedCertificate(CertificateFile file, Logger log) {
        this.file = file;
        this.log = log;
    }

    /**
     * Looks at the files.
     *
     * @param firm whether what cannot be used counts as broken at once, because somebody asked or nothing is in use yet
     */
    void look(boolean firm) {
        String seen;
        CertificateContent.Usable usable;
        try {
            CertificateContent content = CertificateContent.read(file);
            seen = content.fingerprint();
            if (seen.equals(judged)) {
                doubtful = null;
                return;
            }
            usable = content.parse();
        } catch (CertificateFileException e) {
            broken(e, firm);
            return;
        }
        judged = seen;
        doubtful = null;
        problem = null;
        boolean renewed = inUse != null && !inUse.equals(usable.certificate());
        inUse = usable.certificate();
        log.info(
                "certificate {}: {} {} until {}",
                file.name(),
                renewed ? "changed, now for" : "for",
                CertificateNames.hosts(inUse.chain().get(0)),
                inUse.chain().get(0).getNotAfter().toInstant());
        usable.notes().forEach(note -> log.warn("certificate {}: {}", file.name(), note));
    }

    private void broken(CertificateFileException cause, boolean firm) {
        String seen = String.valueOf(cause.getMessage());
        try {
            // Two broken contents may have the same cause, and still be two steps of one change.
            seen += CertificateContent.read(file).fingerprint();
        } catch (CertificateFileException unreadable) {
            // Then the cause is all there is.
        }
        if (seen.equals(judged)) {
            return;
        }
        if (!firm && !seen.equals(doubtful)) {
            doubtful = seen;
            return;
        }
        judged = seen;
        doubtful = null;
        problem = cause.file().equals(file.chain()) ? cause.reason() : cause.getMessage();
        log.warn(
                "certificate {}: {}; {}, and it is tried again when the file changes",
                file.name(),
                problem,
                inUse == null
                        ? "it is left out, and a self-signed one is shown if there is no other"
                        : "the one in use stays");
    }

    CertificateFile file() {
        return file;
    }

    CertificateEntry entry() {
        return new CertificateEntry(file.name(), Optional.ofNullable(inUse), Optional.ofNullable(problem));
    }
}
