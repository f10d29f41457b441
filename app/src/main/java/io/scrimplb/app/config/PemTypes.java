package io.scrimplb.app.config;

import io.scrimplb.app.certificates.CertificateChains;
import io.scrimplb.app.certificates.Pem;
import io.scrimplb.app.certificates.PemException;
import io.scrimplb.membership.wire.WireLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The types of values that name a PEM file and mean what stands in it. */
final class PemTypes {
    /**
     * A file with the certificates of authorities.
     *
     * @param pem them alone: they travel to the load balancers, which have no such file
     */
    record Authorities(Path file, String pem) {}

    static final ScalarType<Authorities> AUTHORITIES = new ScalarType<>("PEM file", text -> {
        Path file = ScalarTypes.FILE.parser().parse(text);
        try (InputStream in = Files.newInputStream(file)) {
            String pem = Pem.of(CertificateChains.read(in.readNBytes(Pem.MAX_BYTES + 1)));
            if (pem.length() > WireLimits.CA_CHARS) {
                throw new BadValueException(Excerpt.quote(text) + " has certificates of more than "
                        + WireLimits.CA_CHARS / 1024
                        + " KiB; name a file with the one authority that signed the application's");
            }
            return new Authorities(file, pem);
        } catch (IOException failed) {
            throw new BadValueException(Excerpt.quote(text) + ": " + SourceFile.reason(file, failed));
        } catch (PemException bad) {
            throw new BadValueException(Excerpt.quote(text) + " " + bad.getMessage());
        }
    });

    private PemTypes() {}
}
