package io.scrimplb.app.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.scrimplb.app.certificates.CertificateStatus;
import io.scrimplb.app.control.ListenerStatus;
import io.scrimplb.app.registry.ApplicationStatus;
import io.scrimplb.app.registry.EndpointStatus;
import io.scrimplb.app.registry.MemberStatus;
import io.scrimplb.app.registry.Problem;
import io.scrimplb.membership.Claims;
import io.scrimplb.membership.PortRange;
import io.scrimplb.membership.Role;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The status as JSON. Names are the contract's: kebab-case as in the configuration, times in RFC 3339. */
final class StatusJson {
    private static final double MILLIS_PER_SECOND = 1e3;

    private final JsonFactory json = new JsonFactory();

    byte[] write(AdminStatus status) throws IOException {
        ByteArrayOutputStream buffer = new ByteArrayOutputStream(4096);
        try (JsonGenerator out = json.createGenerator(buffer)) {
            out.useDefaultPrettyPrinter();
            out.writeStartObject();
            out.writeStringField("version", status.version());
            out.writeStringField("role", status.role());
            out.writeNumberField("uptime-seconds", status.uptime().toMillis() / MILLIS_PER_SECOND);
            out.writeNumberField("revision", status.revision());
            out.writeBooleanField("secured", status.secured());
            out.writeArrayFieldStart("members");
            for (MemberStatus member : status.members()) {
                member(out, member, status.secured());
            }
            out.writeEndArray();
            out.writeArrayFieldStart("applications");
            for (ApplicationStatus application : status.applications()) {
                application(out, application);
            }
            out.writeEndArray();
            out.writeArrayFieldStart("listeners");
            for (ListenerStatus listener : status.listeners()) {
                out.writeStartObject();
                out.writeStringField("name", listener.name());
                out.writeStringField("address", listener.address());
                out.writeStringField("protocol", listener.protocol());
                out.writeBooleanField("bound", listener.bound());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeArrayFieldStart("certificates");
            for (CertificateStatus certificate : status.certificates()) {
                certificate(out, certificate);
            }
            out.writeEndArray();
            out.writeArrayFieldStart("problems");
            for (Problem problem : status.problems()) {
                out.writeStartObject();
                out.writeStringField("object", problem.object());
                out.writeStringField("message", problem.message());
                out.writeStringField("since", problem.since().toString());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        return buffer.toByteArray();
    }

    private static void member(JsonGenerator out, MemberStatus member, boolean secured) throws IOException {
        out.writeStartObject();
        out.writeStringField("id", member.id());
        out.writeStringField("name", member.handle());
        out.writeStringField("role", member.role() == Role.LOAD_BALANCER ? "load-balancer" : "backend");
        out.writeStringField("address", member.address());
        out.writeStringField("state", member.condition().label());
        out.writeBooleanField("self", member.self());
        trust(out, member.claims(), secured);
        out.writeEndObject();
    }

    /** By what a member came in, as far as it is known here; the limits of a token stand beside it. */
    private static void trust(JsonGenerator out, @Nullable Claims claims, boolean secured) throws IOException {
        if (!secured) {
            out.writeStringField("trust", "none");
        } else if (claims != null) {
            out.writeStringField("trust", claims.unlimited() ? "secret" : "token");
            if (!claims.unlimited()) {
                out.writeObjectFieldStart("claims");
                out.writeArrayFieldStart("domains");
                for (String domain : claims.domains()) {
                    out.writeString(domain);
                }
                out.writeEndArray();
                out.writeArrayFieldStart("ports");
                for (PortRange range : claims.ports()) {
                    out.writeString(range.toString());
                }
                out.writeEndArray();
                out.writeEndObject();
            }
        }
    }

    private static void certificate(JsonGenerator out, CertificateStatus certificate) throws IOException {
        out.writeStartObject();
        out.writeStringField("name", certificate.name());
        out.writeStringField("source", certificate.origin().label());
        out.writeArrayFieldStart("hosts");
        for (String host : certificate.hosts()) {
            out.writeString(host);
        }
        out.writeEndArray();
        if (certificate.notBefore() != null && certificate.notAfter() != null) {
            out.writeStringField("not-before", certificate.notBefore().toString());
            out.writeStringField("not-after", certificate.notAfter().toString());
        }
        if (certificate.problem().isPresent()) {
            out.writeStringField("problem", certificate.problem().get());
        }
        out.writeEndObject();
    }

    private static void application(JsonGenerator out, ApplicationStatus application) throws IOException {
        out.writeStartObject();
        out.writeStringField("name", application.name());
        out.writeStringField("protocol", application.protocol());
        out.writeArrayFieldStart("routes");
        for (String route : application.routes()) {
            out.writeString(route);
        }
        out.writeEndArray();
        out.writeArrayFieldStart("endpoints");
        for (EndpointStatus endpoint : application.endpoints()) {
            out.writeStartObject();
            out.writeStringField("member", endpoint.member());
            out.writeStringField("address", endpoint.address());
            out.writeNumberField("weight", endpoint.weight());
            out.writeStringField("version", endpoint.version());
            out.writeBooleanField("suspected", endpoint.suspected());
            out.writeEndObject();
        }
        out.writeEndArray();
        if (application.forgottenAt() != null) {
            out.writeStringField("forgotten-at", application.forgottenAt().toString());
        }
        out.writeEndObject();
    }
}
