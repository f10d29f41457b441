package io.scrimplb.app.certificates;

import io.scrimplb.proxy.spec.CertificateSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** What stands in the two files of a certificate at one moment. */
public final class CertificateContent {
    private final CertificateFile file;
    private final byte[] chain;
    private final byte[] key;

    private CertificateContent(CertificateFile file, byte[] chain, byte[] key) {
        this.file = file;
        this.chain = chain;
        this.key = key;
    }

    /**
     * A certificate as it can be shown.
     *
     * @param notes what an operator should know though it works, each one line
     */
    public record Usable(CertificateSpec certificate, List<String> notes) {
        public Usable {
            notes = List.copyOf(notes);
        }

        /** The notes, and what the dates say. */
        public List<String> notes(Instant now) {
            List<String> all = new ArrayList<>(notes);
            CertificateBoard.dateProblem(certificate.chain().get(0), now).ifPresent(all::add);
            return all;
        }
    }

    /** What keeps these files from being read, each for itself; empty when nothing does. */
    public static List<CertificateFileException> obstacles(CertificateFile file) {
        List<CertificateFileException> found = new ArrayList<>();
        for (Path each : new LinkedHashSet<>(List.of(file.chain(), file.key()))) {
            try {
                bytes(each);
            } catch (CertificateFileException e) {
                found.add(e);
            }
        }
        return found;
    }

    /** Reads both files, up to a bound. */
    public static CertificateContent read(CertificateFile file) throws CertificateFileException {
        byte[] chain = bytes(file.chain());
        return new CertificateContent(file, chain, file.key().equals(file.chain()) ? chain : bytes(file.key()));
    }

    /** Distinguishes contents; tells nothing of them. */
    String fingerprint() {
        return EcKeys.hex(EcKeys.sha256(EcKeys.sha256(chain), key));
    }

    /** The certificate that they hold. */
    public Usable parse() throws CertificateFileException {
        PrivateKey privateKey;
        try {
            privateKey = PrivateKeys.read(key);
        } catch (PemException e) {
            throw new CertificateFileException(file.key(), String.valueOf(e.getMessage()));
        }
        try {
            List<X509Certificate> there = CertificateChains.read(chain);
            CertificateChains.Ordered ordered = CertificateChains.ordered(there, privateKey)
                    .orElseThrow(() ->
                            new PemException("holds no certificate that the key in " + file.key() + " belongs to"));
            List<String> notes = new ArrayList<>();
            if (ordered.rearranged()) {
                notes.add("its certificates are not in order, or do not all belong together; "
                        + ordered.certificates().size() + " of " + there.size()
                        + " are shown, the server's first and each signed by the next");
            }
            return new Usable(new CertificateSpec(file.name(), ordered.certificates(), privateKey), notes);
        } catch (PemException e) {
            String reason = String.valueOf(e.getMessage());
            throw new CertificateFileException(file.chain(), reason);
        }
    }

    private static byte[] bytes(Path file) throws CertificateFileException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(Pem.MAX_BYTES + 1);
            if (bytes.length == 0) {
                throw new CertificateFileException(file, "is empty");
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw new CertificateFileException(
                    file, "no such file; check the path (relative ones start at the working directory)");
        } catch (AccessDeniedException e) {
            throw new CertificateFileException(file, "may not be read by this user");
        } catch (IOException e) {
            throw new CertificateFileException(
                    file, Files.isDirectory(file) ? "is a directory, not a file" : "cannot be read: " + e.getMessage());
        }
    }
}
