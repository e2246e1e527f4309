package org.layerwise.gui.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.CheckResult;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.remote.Cluster;
import org.layerwise.remote.ClusterCheck;
import org.layerwise.remote.ClusterRegistry;
import org.layerwise.remote.JobTicket;
import org.layerwise.remote.ssh.SshQuestions;
import org.layerwise.remote.ssh.SshSetup;
import org.layerwise.run.Run;
import org.layerwise.run.TrainingSummary;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.RemoteDestination;
import org.layerwise.settings.StartMode;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.cluster.ClusterExtraction;
import org.layerwise.study.cluster.ClusterListener;
import org.layerwise.study.cluster.ClusterTraining;
import org.layerwise.study.cluster.ExtractionFollower;
import org.layerwise.study.cluster.PendingAnalysis;
import org.layerwise.study.model.OpenModel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Clusters that {@code remote.json} in the settings folder lists. */
final class StudyClusters implements Clusters {

    private static final Logger LOG = LoggerFactory.getLogger(StudyClusters.class);

    private final Workbench workbench;
    private final ClusterRegistry targets;

    StudyClusters(Workbench workbench) {
        this.workbench = workbench;
        this.targets = new ClusterRegistry(workbench.folders().config());
    }

    @Override
    public List<Cluster> places() {
        return targets.all();
    }

    @Override
    public void keep(Cluster place, @Nullable String instead) {
        if (instead == null) {
            targets.add(place, false);
        } else {
            targets.replace(instead, place);
        }
    }

    @Override
    public void remove(String name) {
        targets.remove(name);
    }

    @Override
    public boolean check(Cluster place, SshQuestions questions, Progress progress, Consumer<CheckResult> found) {
        return new ClusterCheck(setup(questions), found).run(place, progress);
    }

    /** Sends a training to a cluster. */
    void send(
            OpenModel model,
            DataSettings data,
            TrainingSettings settings,
            Path out,
            RemoteDestination to,
            SshQuestions questions,
            Progress progress) {
        cluster(targets.get(to.place()), questions)
                .begin(model, data, settings, out, to.how(), StartMode.RETRY, progress);
    }

    @Override
    public TrainingSummary follow(Path run, SshQuestions questions, Progress progress, ClusterListener listener) {
        return of(run, questions)
                .follow(run, progress, listener)
                .orElseThrow(
                        () -> new UserException(String.valueOf(Run.open(run).reason())));
    }

    @Override
    public void goOn(Path run, SshQuestions questions, Progress progress) {
        of(run, questions).goOn(run, progress);
    }

    @Override
    public void stop(Path run, SshQuestions questions, Progress progress) {
        of(run, questions).stop(run, progress);
    }

    /** Returns the computation of representations on a cluster. */
    ClusterExtraction extraction(OpenModel model, RemoteDestination to, SshQuestions questions) {
        return new ClusterExtraction(
                workbench, model, targets.get(to.place()), setup(questions), to.how(), remark -> {});
    }

    @Override
    public void await(Path job, SshQuestions questions, Progress progress) {
        if (JobTicket.isIn(job)) { // otherwise the result was already fetched
            follower(job, questions).await(job, progress);
        }
    }

    @Override
    public List<PendingAnalysis> left() {
        return PendingAnalysis.left(workbench.folders().jobs(), LOG::warn);
    }

    @Override
    public void end(Path job, SshQuestions questions, Progress progress) {
        if (JobTicket.isIn(job)) {
            follower(job, questions).end(job, progress);
        }
    }

    private ExtractionFollower follower(Path job, SshQuestions questions) {
        return new ExtractionFollower(targets.of(JobTicket.read(job), job), setup(questions), remark -> {});
    }

    @Override
    public String output(Path run, SshQuestions questions, Progress progress) {
        return of(run, questions).log(run, progress);
    }

    private ClusterTraining of(Path run, SshQuestions questions) {
        return cluster(targets.of(JobTicket.read(run), run), questions);
    }

    private ClusterTraining cluster(Cluster place, SshQuestions questions) {
        return new ClusterTraining(workbench, place, setup(questions));
    }

    private SshSetup setup(SshQuestions questions) {
        return SshSetup.ofUser(workbench.environment(), workbench.folders().config(), questions);
    }
}
