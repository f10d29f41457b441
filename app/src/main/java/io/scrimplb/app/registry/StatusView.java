package io.scrimplb.app.registry;

import io.scrimplb.membership.ApplicationProtocol;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Turns what the registry knows into what the status shows. */
final class StatusView {
    private StatusView() {}

    static RegistryStatus of(
            Roster roster,
            Collection<KnownApplication> applications,
            ClaimTable table,
            List<Problem> problems,
            Retention retention) {
        Set<String> suspected = new HashSet<>();
        List<MemberStatus> members = new ArrayList<>();
        for (KnownMember known : roster.members()) {
            if (known.suspected) {
                suspected.add(known.handle);
            }
            members.add(new MemberStatus(
                    known.member.id(),
                    known.handle,
                    known.member.role(),
                    text(known.member.address()),
                    known.condition(),
                    known.self,
                    known.claims));
        }
        members.sort(Comparator.comparing(MemberStatus::handle));
        List<ApplicationStatus> shown = new ArrayList<>();
        for (KnownApplication application : applications) {
            shown.add(application(application, table, suspected, retention));
        }
        return new RegistryStatus(members, shown, problems, roster.heldUntil());
    }

    private static ApplicationStatus application(
            KnownApplication application, ClaimTable table, Set<String> suspected, Retention retention) {
        List<String> routes = new ArrayList<>();
        for (Claim claim : application.claims().keySet()) {
            PortClaims.Holder holder =
                    Objects.requireNonNull(table.ports().get(claim.port())).holder(claim);
            if (holder.application().equals(application.name()) && holder.way() == claim.way()) {
                routes.add(claim.text());
            }
        }
        List<EndpointStatus> endpoints = new ArrayList<>();
        for (Offer offer : application.offersInUse()) {
            for (InetSocketAddress target : offer.targets()) {
                endpoints.add(new EndpointStatus(
                        offer.source(),
                        text(target),
                        offer.terms().weight(),
                        offer.terms().version(),
                        suspected.contains(offer.source())));
            }
        }
        endpoints.sort(Comparator.comparing(EndpointStatus::member).thenComparing(EndpointStatus::address));
        ApplicationProtocol protocol = application.protocol();
        Instant since = application.emptySince();
        return new ApplicationStatus(
                application.name(),
                protocol == null ? null : protocol.label(),
                routes,
                endpoints,
                since == null ? null : since.plus(retention.rememberFor()));
    }

    private static String text(InetSocketAddress address) {
        if (address.getAddress() == null) {
            return address.getHostString() + ":" + address.getPort();
        }
        String host = address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
