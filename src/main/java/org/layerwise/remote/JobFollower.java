package org.layerwise.remote;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.CancellableWait;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a job to its end: its state, and its metrics as they arrive. A broken connection is opened again and again,
 * with growing waits; the job is not affected.
 */
public final class JobFollower {

    private static final Logger LOG = LoggerFactory.getLogger(JobFollower.class);

    /** Number of rounds between two queries for the workers, which change only when some were lost. */
    private static final int LOOKS_A_ROUND = 5;

    /** Time after which a job without workers is reported, in nanoseconds; loading a large model takes as long. */
    private static final long ALONE_NANOS = 90_000_000_000L;

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    /** Opener of the connection to the cluster. */
    @FunctionalInterface
    public interface Opener {
        RemoteJobs open(Progress progress) throws IOException;
    }

    /** Receiver of lines of {@code metrics.jsonl}. */
    @FunctionalInterface
    public interface Lines {

        /**
         * Receives lines that have arrived.
         *
         * @param anew true if the lines replace all earlier ones; false if they follow them
         */
        void arrived(boolean anew, List<String> lines);
    }

    private final Opener opener;
    private final JobTicket ticket;
    private final RemoteLogTail metrics;
    private final Duration pause;
    private final JobListener listener;
    private final Lines lines;
    private @Nullable RemoteJobs jobs;
    private @Nullable JobState last;
    private @Nullable JobWorkers workers;
    private int looks;
    private long runsSince;
    private boolean told;

    /**
     * Creates a follower.
     *
     * @param metrics the copy of the run's metrics on this computer
     * @param closed returns true once the copy must not be changed any more, as the run has ended
     * @param pause pause between two queries
     */
    public JobFollower(
            Opener opener,
            JobTicket ticket,
            Path metrics,
            BooleanSupplier closed,
            Duration pause,
            JobListener listener,
            Lines lines) {
        this.opener = opener;
        this.ticket = ticket;
        this.metrics = new RemoteLogTail(ticket.run() + "/" + RemoteLogTail.METRICS, metrics, closed);
        this.pause = pause;
        this.listener = listener;
        this.lines = lines;
    }

    /**
     * Follows the job until it is over.
     *
     * @return the final state
     * @throws UserException if the first connection fails
     * @throws CancelledException if cancelled; the job continues
     */
    public JobState follow(Progress progress) {
        int failures = 0;
        boolean ever = false;
        try {
            while (true) {
                progress.check();
                try {
                    JobState state = look(progress);
                    if (failures > 0) {
                        listener.onRecovered(ticket.target());
                    }
                    failures = 0;
                    ever = true;
                    if (state.phase().over()) {
                        return state;
                    }
                    CancellableWait.sleep(pause, progress);
                } catch (IOException | UserException e) {
                    close();
                    if (!ever) {
                        throw e instanceof UserException user
                                ? user
                                : ClusterUnreachable.of(ticket.target(), (IOException) e);
                    }
                    failures++;
                    LOG.info("{} cannot be followed for now: {}", ticket.id(), e.getMessage());
                    listener.broken(ticket.target(), String.valueOf(e.getMessage()));
                    CancellableWait.sleep(wait(failures), progress);
                }
            }
        } finally {
            close();
        }
    }

    /** Queries the state before the lines, so that no lines can follow once the job is over. */
    private JobState look(Progress progress) throws IOException {
        if (jobs == null) {
            jobs = opener.open(progress.silent());
        }
        JobState state = jobs.state(ticket, progress.silent());
        RemoteLogTail.News news;
        do {
            progress.check();
            news = jobs.lines(metrics, progress.silent());
            if (!news.lines().isEmpty() || news.anew() && last != null) {
                lines.arrived(news.anew(), news.lines());
            }
        } while (news.more());
        if (!state.equals(last)) {
            last = state;
            listener.state(ticket.target(), state);
        }
        if (state.phase() == JobState.Phase.RUNNING && (workers == null || ++looks % LOOKS_A_ROUND == 0)) {
            jobs.workers(ticket).filter(found -> !found.equals(workers)).ifPresent(found -> {
                workers = found;
                listener.workers(ticket.target(), found);
            });
            if (runsSince == 0) {
                runsSince = System.nanoTime();
            }
            if (workers == null && !told && System.nanoTime() - runsSince > ALONE_NANOS) {
                told = true;
                listener.alone(ticket.target());
            }
        }
        return state;
    }

    private Duration wait(int failures) {
        Duration longer = pause.multipliedBy(1L << Math.min(failures, 10));
        return longer.compareTo(LONGEST_WAIT) < 0 ? longer : LONGEST_WAIT;
    }

    private void close() {
        if (jobs != null) {
            jobs.close();
            jobs = null;
        }
    }
}
