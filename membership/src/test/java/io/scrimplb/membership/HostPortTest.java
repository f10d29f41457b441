package io.scrimplb.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class HostPortTest {
    @Test
    void ipv6StandsInBrackets() throws Exception {
        assertThat(HostPort.of(new InetSocketAddress(InetAddress.getByName("fd00::2"), 9999)))
                .isEqualTo("[fd00:0:0:0:0:0:0:2]:9999");
        assertThat(HostPort.of(new InetSocketAddress(InetAddress.getByName("10.0.0.7"), 9999)))
                .isEqualTo("10.0.0.7:9999");
        assertThat(HostPort.of(InetSocketAddress.createUnresolved("lb.example", 9999)))
                .isEqualTo("lb.example:9999");
    }
}
