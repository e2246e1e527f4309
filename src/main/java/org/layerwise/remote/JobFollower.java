package org.layerwise.remote;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.Waiting;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a job to its end: its state, and its metrics as they come. A way there that breaks is tried again and again, a little later
 * each time; the job knows nothing of it.
 */
public final class JobFollower {

    private static final Logger LOG = LoggerFactory.getLogger(JobFollower.class);

    /** So seldom is it asked who works: they change only when some were lost. */
    private static final int LOOKS_A_ROUND = 5;

    /** Loading a large model takes as long. */
    private static final long ALONE_NANOS = 90_000_000_000L;

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    /** Opens the way there. */
    @FunctionalInterface
    public interface Opener {
        RemoteJobs open(Progress progress) throws IOException;
    }

    /** Hears what is new. */
    public interface Listener {

        /** The state has changed. */
        void state(JobState state);

        /** Those who work at it have come together, perhaps once more. */
        default void workers(JobWorkers workers) {}

        /** It runs, but its workers have not come together for a while: there may be no room for them. */
        default void alone() {}

        /**
         * Lines of {@code metrics.jsonl} have come.
         *
         * @param anew whether they are all that there are, instead of those that follow
         */
        void lines(boolean anew, List<String> lines);

        /** The way there is broken, for this reason; null when it stands again. */
        void broken(@Nullable String reason);
    }

    private final Opener opener;
    private final JobTicket ticket;
    private final MirroredLines metrics;
    private final Duration pause;
    private final Listener listener;
    private @Nullable RemoteJobs jobs;
    private @Nullable JobState last;
    private @Nullable JobWorkers workers;
    private int looks;
    private long runsSince;
    private boolean told;

    /**
     * @param metrics the copy of the run's metrics here
     * @param pause between two looks
     */
    public JobFollower(Opener opener, JobTicket ticket, Path metrics, Duration pause, Listener listener) {
        this.opener = opener;
        this.ticket = ticket;
        this.metrics = new MirroredLines(ticket.run() + "/" + MirroredLines.METRICS, metrics);
        this.pause = pause;
        this.listener = listener;
    }

    /**
     * Follows until the job is over.
     *
     * @return how it ended
     * @throws UserException if the first connection cannot be made
     * @throws CancelledException if cancelled; the job goes on
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
                        listener.broken(null);
                    }
                    failures = 0;
                    ever = true;
                    if (state.phase().over()) {
                        return state;
                    }
                    Waiting.sleep(pause, progress);
                } catch (IOException | UserException e) {
                    close();
                    if (!ever) {
                        throw e instanceof UserException user ? user : NoAnswer.of(ticket.target(), (IOException) e);
                    }
                    failures++;
                    LOG.info("{} cannot be followed for now: {}", ticket.id(), e.getMessage());
                    listener.broken(String.valueOf(e.getMessage()));
                    Waiting.sleep(wait(failures), progress);
                }
            }
        } finally {
            close();
        }
    }

    /** The state is asked for before the lines: what is over has no more of them. */
    private JobState look(Progress progress) throws IOException {
        if (jobs == null) {
            jobs = opener.open(progress.silent());
        }
        JobState state = jobs.state(ticket, progress.silent());
        MirroredLines.News news;
        do {
            progress.check();
            news = jobs.lines(metrics);
            if (!news.lines().isEmpty() || news.anew() && last != null) {
                listener.lines(news.anew(), news.lines());
            }
        } while (news.more());
        if (!state.equals(last)) {
            last = state;
            listener.state(state);
        }
        if (state.phase() == JobState.Phase.RUNNING && (workers == null || ++looks % LOOKS_A_ROUND == 0)) {
            jobs.workers(ticket).filter(found -> !found.equals(workers)).ifPresent(found -> {
                workers = found;
                listener.workers(found);
            });
            if (runsSince == 0) {
                runsSince = System.nanoTime();
            }
            if (workers == null && !told && System.nanoTime() - runsSince > ALONE_NANOS) {
                told = true;
                listener.alone();
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
