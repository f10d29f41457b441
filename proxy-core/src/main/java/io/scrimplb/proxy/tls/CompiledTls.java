package io.scrimplb.proxy.tls;

import io.netty.handler.ssl.SslContext;
import io.scrimplb.proxy.spec.CertificateSpec;
import io.scrimplb.proxy.spec.CertificateValidator;
import io.scrimplb.proxy.spec.ChallengeSpec;
import io.scrimplb.proxy.spec.SpecProblem;
import io.scrimplb.proxy.spec.TlsSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The TLS part of a spec, compiled. Immutable; the next one is made from this one, and takes over what is made of certificates
 * that stay. Control side only.
 */
public final class CompiledTls {
    /** RFC 8555, 8.3: base64url without padding, 128 bits at least; the bound is ours. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{1,256}");

    private final TlsContexts engines;
    private final TlsSpec wanted;
    private final Map<CertificateSpec, ServerCertificate> certificates;
    private final Map<String, ServerCertificate> challenges;
    private final CertificateTable table;
    private final List<SpecProblem> problems;

    private CompiledTls(
            TlsContexts engines,
            TlsSpec wanted,
            Map<CertificateSpec, ServerCertificate> certificates,
            Map<String, ServerCertificate> challenges,
            CertificateTable table,
            List<SpecProblem> problems) {
        this.engines = engines;
        this.wanted = wanted;
        this.certificates = certificates;
        this.challenges = challenges;
        this.table = table;
        this.problems = List.copyOf(problems);
    }

    /** @param engines makes what those that follow need */
    public static CompiledTls none(TlsContexts engines) {
        return new CompiledTls(engines, TlsSpec.NONE, Map.of(), Map.of(), CertificateTable.EMPTY, List.of());
    }

    /** Compiles what follows on this one. */
    public CompiledTls next(TlsSpec next) {
        if (next.certificates().equals(wanted.certificates())
                && next.challenges().equals(wanted.challenges())) {
            return this;
        }
        List<SpecProblem> found = new ArrayList<>();
        Map<CertificateSpec, ServerCertificate> kept = new LinkedHashMap<>();
        for (CertificateSpec spec : next.certificates()) {
            if (kept.containsKey(spec)) {
                continue;
            }
            ServerCertificate before = certificates.get(spec);
            ServerCertificate now = before == null ? compile(spec, false, found) : before;
            if (now != null) {
                kept.put(spec, now);
            }
        }
        Map<String, ServerCertificate> byHost = new HashMap<>();
        Map<String, String> tokens = new HashMap<>();
        for (ChallengeSpec challenge : next.challenges()) {
            if (challenge instanceof ChallengeSpec.TlsAlpn alpn) {
                alpn(alpn, byHost, found);
            } else if (challenge instanceof ChallengeSpec.Http http) {
                String fault = !TOKEN.matcher(http.token()).matches()
                        ? "the token is not of letters, digits, - and _"
                        : tokens.putIfAbsent(http.token(), http.content()) != null
                                ? "the token is there twice; the first is kept"
                                : null;
                if (fault != null) {
                    found.add(new SpecProblem("challenge " + http.token(), fault, false));
                }
            }
        }
        List<ServerCertificate> inOrder = List.copyOf(kept.values());
        return new CompiledTls(engines, next, kept, byHost, new CertificateTable(inOrder, byHost, tokens), found);
    }

    private void alpn(ChallengeSpec.TlsAlpn challenge, Map<String, ServerCertificate> byHost, List<SpecProblem> found) {
        String host = challenge.host();
        String fault = byHost.containsKey(host)
                ? "there is another one for this host; the first is kept"
                : CertificateValidator.challengeFault(host);
        if (fault != null) {
            found.add(new SpecProblem("challenge for " + host, fault, false));
            return;
        }
        ServerCertificate before = challenges.get(host);
        ServerCertificate now = before != null && before.spec().equals(challenge.certificate())
                ? before
                : compile(challenge.certificate(), true, found);
        if (now != null) {
            byHost.put(host, now);
        }
    }

    private @Nullable ServerCertificate compile(CertificateSpec spec, boolean challenge, List<SpecProblem> found) {
        String fault = CertificateValidator.fault(spec);
        KeyKind kind = fault == null ? KeyKind.of(spec.key()) : null;
        if (fault == null && kind == null) {
            fault = "the key's curve is none of P-256, P-384 and P-521";
        }
        if (fault == null && kind != null) {
            try {
                SslContext context = challenge
                        ? engines.forClients().forChallenge(spec)
                        : engines.forClients().forTraffic(spec);
                return new ServerCertificate(
                        spec, CertificateValidator.names(spec.chain().get(0)), kind, context);
            } catch (SSLException | IllegalArgumentException e) {
                fault = "the engine does not take it: " + e.getMessage();
            }
        }
        found.add(new SpecProblem("certificate " + spec.name(), String.valueOf(fault), false));
        return null;
    }

    /** What the data side reads. */
    public CertificateTable table() {
        return table;
    }

    /** What was left out, and why. */
    public List<SpecProblem> problems() {
        return problems;
    }

    List<ServerCertificate> all() {
        List<ServerCertificate> all = new ArrayList<>(certificates.values());
        all.addAll(challenges.values());
        return all;
    }

    /** Once no event loop runs any more. */
    public void release() {
        all().forEach(ServerCertificate::release);
    }

    /** Those that another one, which follows, no longer has; to be released once no event loop can use them. */
    public List<ServerCertificate> vanished(CompiledTls next) {
        List<ServerCertificate> staying = next.all();
        List<ServerCertificate> gone = new ArrayList<>();
        for (ServerCertificate one : all()) {
            // By identity: there is no other equality.
            if (!staying.contains(one)) {
                gone.add(one);
            }
        }
        return gone;
    }
}
