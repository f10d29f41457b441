package io.scrimplb.membership.jgroups;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OwnHostNameTest {
    @Test
    void slowLookUpIsExplained() {
        assertThat(OwnHostName.complaint(40)).isEmpty();
        assertThat(OwnHostName.complaint(11_020))
                .contains("looking up this machine's own host name took 11 s at the start: put the name into"
                        + " /etc/hosts");
    }
}
