package io.scrimplb.app.certificates;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the operator's certificate files and keeps the board up to date with them; also says when a certificate on the
 * board, whoever brought it, nears its end. Files are looked at every few seconds. Thread-safe.
 */
public final class CertificateFollower implements AutoCloseable {
    /** A renewal is in force within this time; some files of some kilobytes cost next to nothing to read. */
    static final Duration INTERVAL = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger(CertificateFollower.class);

    private final CertificateBoard board;
    private final Duration interval;
    private final Object lock = new Object();
    private List<FollowedCertificate> followed = List.of();
    private Set<String> toldDates = Set.of();
    private @Nullable ScheduledExecutorService timer;
    private boolean closed;

    public CertificateFollower(CertificateBoard board) {
        this(board, INTERVAL);
    }

    CertificateFollower(CertificateBoard board, Duration interval) {
        this.board = board;
        this.interval = interval;
    }

    /**
     * Reads these files now and follows them from here on, in place of others. What was in use of a file stays in use while a
     * new content cannot be used.
     */
    public void follow(List<CertificateFile> files) {
        synchronized (lock) {
            Map<CertificateFile, FollowedCertificate> before = new HashMap<>();
            followed.forEach(known -> before.put(known.file(), known));
            followed = new LinkedHashSet<>(files)
                    .stream()
                            .map(file ->
                                    before.containsKey(file) ? before.get(file) : new FollowedCertificate(file, LOG))
                            .toList();
            look(true);
            // Without files too: those on the board that others brought have an end as well.
            if (timer == null && !closed) {
                timer = start();
            }
        }
    }

    private ScheduledExecutorService start() {
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "scrimp-certificates");
            thread.setDaemon(true);
            return thread;
        });
        started.scheduleWithFixedDelay(this::tick, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
        return started;
    }

    private void tick() {
        try {
            synchronized (lock) {
                look(false);
            }
        } catch (RuntimeException e) {
            // It must not end the timer.
            LOG.error("certificate files could not be looked at, please report this: {}", e.toString());
        }
    }

    private void look(boolean firm) {
        followed.forEach(certificate -> certificate.look(firm));
        board.replace(
                CertificateOrigin.FILE,
                followed.stream().map(FollowedCertificate::entry).toList());
        tellDates();
    }

    /** Once for each certificate and each thing that its dates say. */
    private void tellDates() {
        Set<String> now = new HashSet<>();
        for (CertificateStatus status : board.status()) {
            status.dateProblem().ifPresent(problem -> {
                String line = status.name() + " " + problem;
                if (now.add(line) && !toldDates.contains(line)) {
                    LOG.warn("certificate {}: {}", status.name(), problem);
                }
            });
        }
        toldDates = now;
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            if (timer != null) {
                timer.shutdownNow();
            }
        }
    }
}
