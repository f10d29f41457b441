package io.scrimplb.app.admin;

import io.scrimplb.app.certificates.CertificateStatus;
import io.scrimplb.app.control.ListenerStatus;
import io.scrimplb.app.registry.ApplicationStatus;
import io.scrimplb.app.registry.MemberStatus;
import io.scrimplb.app.registry.Problem;
import java.time.Duration;
import java.util.List;

/**
 * What {@code /api/v1/status} tells. A backend has no listeners, and its applications are those it announces.
 *
 * @param version of the program
 * @param role {@code lb} or {@code backend}
 * @param uptime since the start of the process
 * @param secured whether the members prove to each other that they belong to the cluster
 * @param revision of the routing table in force; 0 on a backend
 */
public record AdminStatus(
        String version,
        String role,
        Duration uptime,
        boolean secured,
        long revision,
        List<MemberStatus> members,
        List<ApplicationStatus> applications,
        List<ListenerStatus> listeners,
        List<CertificateStatus> certificates,
        List<Problem> problems) {
    public AdminStatus {
        members = List.copyOf(members);
        applications = List.copyOf(applications);
        listeners = List.copyOf(listeners);
        certificates = List.copyOf(certificates);
        problems = List.copyOf(problems);
    }
}
