package io.scrimplb.app.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.app.registry.ApplicationStatus;
import io.scrimplb.app.registry.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

class LogBudgetTest {
    private static final Instant START = Instant.parse("2026-11-21T00:00:00Z");

    private final ListLogger log = new ListLogger();

    @Test
    void aFloodOverManySwapsIsAFewLinesAndACount() {
        RouteLog routes = new RouteLog(log);
        for (int i = 0; i < 500; i++) {
            routes.settle(List.of(application("a" + i)), START.plusMillis(20L * (i % 400)));
        }
        assertThat(log.lines).hasSize(LogBudget.LINES);
        assertThat(routes.budget().due()).contains(START.plus(LogBudget.WINDOW));
        routes.budget().tick(START.plus(LogBudget.WINDOW));
        // 500 applications came and 499 of them went.
        assertThat(log.lines)
                .hasSize(LogBudget.LINES + 1)
                .last()
                .isEqualTo((999 - LogBudget.LINES) + " further changes of applications are not shown; see the status"
                        + " page");
    }

    @Test
    void problemsThatComeAndGoAreBoundedAsWell() {
        ProblemBoard board = new ProblemBoard(log);
        for (int i = 0; i < 100; i++) {
            board.settle(List.of(new Problem("application a", "refused " + i, START)), START);
        }
        assertThat(log.lines).hasSize(LogBudget.LINES);
        board.settle(List.of(), START.plus(LogBudget.WINDOW));
        assertThat(log.lines.get(LogBudget.LINES)).contains("further changes of problems are not shown");
        assertThat(log.lines).last().asString().startsWith("no longer: application a: refused 99");
    }

    @Test
    void whoStaysWithinTheBudgetIsToldOfNothingElse() {
        LogBudget budget = new LogBudget(log, "things");
        for (int i = 0; i < 100; i++) {
            assertThat(budget.take(START.plus(Duration.ofSeconds(i)))).isTrue();
        }
        assertThat(budget.due()).isEmpty();
        assertThat(log.lines).isEmpty();
    }

    @Test
    void aClockThatIsSetBackDoesNotSilenceTheLog() {
        LogBudget budget = new LogBudget(log, "things");
        for (int i = 0; i < LogBudget.LINES; i++) {
            budget.take(START);
        }
        assertThat(budget.take(START.minusSeconds(3600))).isTrue();
    }

    private static ApplicationStatus application(String name) {
        return new ApplicationStatus(name, "http", List.of(":80 *"), List.of(), null);
    }

    /** Keeps what is logged. */
    private static final class ListLogger extends LegacyAbstractLogger {
        private static final long serialVersionUID = 1;

        private final transient List<String> lines = new ArrayList<>();

        @Override
        public boolean isTraceEnabled() {
            return false;
        }

        @Override
        public boolean isDebugEnabled() {
            return false;
        }

        @Override
        public boolean isInfoEnabled() {
            return true;
        }

        @Override
        public boolean isWarnEnabled() {
            return true;
        }

        @Override
        public boolean isErrorEnabled() {
            return true;
        }

        @Override
        protected String getFullyQualifiedCallerName() {
            return ListLogger.class.getName();
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level, org.slf4j.Marker marker, String message, Object[] arguments, Throwable thrown) {
            lines.add(MessageFormatter.basicArrayFormat(message, arguments));
        }
    }
}
