package org.layerwise.gui.analysis;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Path;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.common.Dialogs;
import org.layerwise.gui.common.ReportedError;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.session.StudySession.OpenData;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.RemoteDestination;
import org.layerwise.study.Workbench;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.cluster.AlreadyFetched;
import org.layerwise.study.cluster.ClusterAccess;
import org.layerwise.study.cluster.PendingAnalysis;
import org.layerwise.study.cluster.RemoteAnalysisJob;
import org.layerwise.study.model.OpenModel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Analyses whose representations are computed on a cluster. Only the first and the last part of such an analysis need
 * the model on this computer; in between, the cluster may take any time. When the window closes, only the waiting ends,
 * and the next start of the program continues to wait.
 */
final class RemoteAnalyses {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteAnalyses.class);

    private final StudySession session;
    private final Workbench workbench;
    private final ClusterAccess clusters;
    private final RemoteAnalysisJob remote;
    private final WorkQueue queue;
    private final Dialogs dialogs;
    private final BooleanSupplier leaving;

    /** @param leaving returns true while the window closes */
    RemoteAnalyses(
            StudySession session,
            Workbench workbench,
            ClusterAccess clusters,
            WorkQueue queue,
            Dialogs dialogs,
            BooleanSupplier leaving) {
        this.session = session;
        this.workbench = workbench;
        this.clusters = clusters;
        remote = new RemoteAnalysisJob(workbench, clusters);
        this.queue = queue;
        this.dialogs = dialogs;
        this.leaving = leaving;
    }

    /** Callbacks of an analysis; exactly one is called, on the FX thread. */
    record Then(Consumer<Analysis> done, Consumer<Throwable> failed, Runnable cancelled) {}

    /** Creates the task that fetches the result of a job. Called on the FX thread when the job has ended. */
    private interface Fetching {
        Work.Body<Analysis> of(Path job);
    }

    /** An analysis in progress. The task that works at it changes from sending to waiting to fetching. */
    final class Course {

        private final String model;
        private final String rows;
        private final String place;
        private final Then then;
        private WorkQueue.@Nullable Handle handle;

        private Course(String model, String rows, String place, Then then) {
            this.model = model;
            this.rows = rows;
            this.place = place;
            this.then = then;
        }

        /** Stops the analysis on this computer and on the cluster. */
        void stop() {
            if (handle != null) {
                handle.stop();
            }
        }

        private void send(Work.Body<Path> sending, Fetching fetching) {
            handle = queue.submit(Work.heavy(text("analysis.sending", model, rows, place), sending)
                    .whenDone(job -> await(job, fetching))
                    .whenFailed(then.failed())
                    .whenCancelled(then.cancelled()));
        }

        private void await(Path job, Fetching fetching) {
            handle = queue.submit(Work.watch(text("analysis.there", model, rows, place), progress -> {
                        clusters.follower(job).ifPresent(follower -> follower.await(job, progress));
                        return job;
                    })
                    .whenDone(ended -> fetch(job, fetching.of(job)))
                    .whenFailed(then.failed())
                    .whenCancelled(() -> stopped(job)));
        }

        private void fetch(Path job, Work.Body<Analysis> fetching) {
            handle = queue.submit(Work.heavy(text("analysis.title", model, rows), fetching)
                    .whenDone(then.done())
                    .whenFailed(then.failed())
                    .whenCancelled(() -> stopped(job)));
        }

        private void stopped(Path job) {
            then.cancelled().run();
            if (!leaving.getAsBoolean()) {
                end(place, job);
            }
        }
    }

    /** Sends the inputs of an analysis to a cluster and continues until its result is fetched. */
    Course begin(OpenModel model, OpenData data, AnalysisSettings settings, RemoteDestination to, Then then) {
        String rows = data.preview().name();
        Course course = new Course(model.card().name(), rows, to.place(), then);
        course.send(
                progress -> remote.submit(model, rows, data.settings(), settings, to, progress),
                job -> progress -> remote.fetch(model, job, data.settings(), settings, to, progress));
        return course;
    }

    /**
     * Resumes waiting for the analyses that an earlier start of the program has left on clusters.
     *
     * @param done receives each finished analysis
     */
    void resume(Consumer<Analysis> done) {
        queue.submit(Work.quiet(
                        "", progress -> PendingAnalysis.left(workbench.folders().jobs(), LOG::warn))
                .whenDone(all -> all.forEach(one -> resume(one, done)))
                .whenFailed(thrown -> LOG.warn("Cannot look for analyses on clusters", thrown)));
    }

    private void resume(PendingAnalysis asked, Consumer<Analysis> done) {
        String place = Objects.requireNonNull(asked.configuration().on(), "only such are sent")
                .place();
        Course course = new Course(
                asked.model(),
                asked.rows(),
                place,
                new Then(
                        done,
                        thrown -> {
                            if (!AlreadyFetched.isCauseOf(thrown)) { // already listed by the window that fetched it
                                dialogs.error(ReportedError.of(
                                        text("analysis.left.failed", asked.model(), place),
                                        thrown,
                                        () -> resume(asked, done)));
                            }
                        },
                        () -> {}));
        course.await(asked.job(), job -> {
            OpenModel open = session.modelProperty().get();
            return progress -> remote.fetch(asked, open, progress);
        });
    }

    private void end(String place, Path job) {
        queue.submit(Work.remote(text("analysis.stopping", place), progress -> {
                    clusters.follower(job).ifPresent(follower -> follower.end(job, progress));
                    return job;
                })
                .whenFailed(dialogs.failure(text("analysis.stop.failed", place), () -> end(place, job))));
    }
}
