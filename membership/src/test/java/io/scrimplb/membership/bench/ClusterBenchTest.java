package io.scrimplb.membership.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The bench itself still runs. */
class ClusterBenchTest {
    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void smallClusterOfRealProcessesIsMeasured() throws Exception {
        try (Network loopback = new Loopback()) {
            String line = Cost.line(loopback, 3, new Setting("", Setting.SMALL_HEAP_MB, 1, 0, 1, Detection.EVENTS));

            List<String> cells = List.of(line.split("\\s*\\|\\s*")).stream()
                    .filter(cell -> !cell.isEmpty())
                    .toList();
            assertThat(cells)
                    .hasSize(Cost.HEAD.lines().findFirst().orElseThrow().split("\\|").length - 1);
            assertThat(cells.get(0)).isEqualTo("3");
            assertThat(Double.parseDouble(cells.get(1))).as("one view, ms").isPositive();
            assertThat(Double.parseDouble(cells.get(4))).as("kB/s a member").isPositive();
        }
    }
}
