package org.layerwise.gui.engine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.CheckResult;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.remote.Cluster;
import org.layerwise.remote.ssh.SshQuestions;
import org.layerwise.run.Run;
import org.layerwise.run.TrainingSummary;
import org.layerwise.study.Workbench;
import org.layerwise.study.cluster.ClusterAccess;
import org.layerwise.study.cluster.ClusterListener;
import org.layerwise.study.cluster.PendingAnalysis;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Clusters that {@code remote.json} in the settings folder lists. */
final class StudyClusters implements Clusters {

    private static final Logger LOG = LoggerFactory.getLogger(StudyClusters.class);

    private final Workbench workbench;
    private final Duration lookEvery;

    /** @param lookEvery pause between two requests for news of a job */
    StudyClusters(Workbench workbench, Duration lookEvery) {
        this.workbench = workbench;
        this.lookEvery = lookEvery;
    }

    /** Returns access to the clusters for a user who answers questions. */
    ClusterAccess access(SshQuestions questions) {
        return new ClusterAccess(workbench, questions, lookEvery);
    }

    @Override
    public List<Cluster> places() {
        return access(SshQuestions.unanswered()).registry().all();
    }

    @Override
    public void keep(Cluster place, @Nullable String instead) {
        if (instead == null) {
            access(SshQuestions.unanswered()).registry().add(place, false);
        } else {
            access(SshQuestions.unanswered()).registry().replace(instead, place);
        }
    }

    @Override
    public void remove(String name) {
        access(SshQuestions.unanswered()).registry().remove(name);
    }

    @Override
    public boolean check(Cluster place, SshQuestions questions, Progress progress, Consumer<CheckResult> found) {
        return access(questions).check(place, progress, found);
    }

    @Override
    public TrainingSummary follow(Path run, SshQuestions questions, Progress progress, ClusterListener listener) {
        return access(questions)
                .trainingOf(run)
                .follow(run, progress, listener)
                .orElseThrow(
                        () -> new UserException(String.valueOf(Run.open(run).reason())));
    }

    @Override
    public void goOn(Path run, SshQuestions questions, Progress progress) {
        access(questions).trainingOf(run).goOn(run, progress);
    }

    @Override
    public void stop(Path run, SshQuestions questions, Progress progress) {
        access(questions).trainingOf(run).stop(run, progress);
    }

    @Override
    public void await(Path job, SshQuestions questions, Progress progress) {
        access(questions).follower(job).ifPresent(follower -> follower.await(job, progress));
    }

    @Override
    public List<PendingAnalysis> left() {
        return PendingAnalysis.left(workbench.folders().jobs(), LOG::warn);
    }

    @Override
    public void end(Path job, SshQuestions questions, Progress progress) {
        access(questions).follower(job).ifPresent(follower -> follower.end(job, progress));
    }

    @Override
    public String output(Path run, SshQuestions questions, Progress progress) {
        return access(questions).trainingOf(run).log(run, progress);
    }
}
