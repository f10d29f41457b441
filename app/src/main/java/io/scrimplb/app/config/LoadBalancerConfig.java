package io.scrimplb.app.config;

import io.scrimplb.membership.PortRange;
import io.scrimplb.proxy.ProxyOptions.TlsEngine;
import io.scrimplb.proxy.ProxyOptions.Transport;
import io.scrimplb.proxy.spec.BalancePolicy;
import java.time.Duration;
import java.util.List;

/**
 * What only a load balancer reads.
 *
 * @param pushPeriod how often its address is published, at least 1 s
 * @param pushJitter random part added to or taken from the period, not negative
 * @param allowedListenPorts what backends may ask this load balancer to open; never empty
 * @param allowedDomains what backends may claim, {@code *.example.com} allowed; empty for any
 * @param balance policy of applications that do not name one
 * @param transport how sockets are served
 * @param tlsEngine what does TLS
 * @param trustedProxies peers whose {@code X-Forwarded-For} is believed
 * @param staticBackends applications of machines that run no agent; each name once
 */
public record LoadBalancerConfig(
        Duration pushPeriod,
        Duration pushJitter,
        TlsConfig tls,
        List<PortRange> allowedListenPorts,
        List<String> allowedDomains,
        BalancePolicy balance,
        Transport transport,
        TlsEngine tlsEngine,
        List<Cidr> trustedProxies,
        List<StaticBackendConfig> staticBackends,
        LimitsConfig limits,
        TimeoutsConfig timeouts,
        AccessLogConfig accessLog) {
    public LoadBalancerConfig {
        allowedListenPorts = List.copyOf(allowedListenPorts);
        allowedDomains = List.copyOf(allowedDomains);
        trustedProxies = List.copyOf(trustedProxies);
        staticBackends = List.copyOf(staticBackends);
    }
}
