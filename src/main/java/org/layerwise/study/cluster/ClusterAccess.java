package org.layerwise.study.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.layerwise.base.CheckResult;
import org.layerwise.base.Progress;
import org.layerwise.remote.Cluster;
import org.layerwise.remote.ClusterCheck;
import org.layerwise.remote.ClusterRegistry;
import org.layerwise.remote.JobListener;
import org.layerwise.remote.JobTicket;
import org.layerwise.remote.ssh.SshQuestions;
import org.layerwise.remote.ssh.SshSetup;
import org.layerwise.settings.RemoteDestination;
import org.layerwise.settings.RemoteOptions;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;

/**
 * Access to the registered clusters of this user and to the jobs on them.
 *
 * @param questions answers questions during a connection, on the working thread
 * @param lookEvery pause between two requests for news of a job
 */
public record ClusterAccess(Workbench workbench, SshQuestions questions, Duration lookEvery) {

    /** Pause between two requests for news of a job. */
    public static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    /** Creates access that asks for news of a job as often as {@link #LOOK_EVERY} says. */
    public ClusterAccess(Workbench workbench, SshQuestions questions) {
        this(workbench, questions, LOOK_EVERY);
    }

    /** Returns the registry of the user's clusters. */
    public ClusterRegistry registry() {
        return new ClusterRegistry(workbench.folders().config());
    }

    /**
     * Checks a cluster with each step of a job.
     *
     * @param found receives the result of each step
     * @return true if all steps succeed
     */
    public boolean check(Cluster cluster, Progress progress, Consumer<CheckResult> found) {
        return new ClusterCheck(setup(), found).run(cluster, progress);
    }

    /**
     * Returns the training on a cluster.
     *
     * @throws org.layerwise.base.UserException if no cluster of this name is registered
     */
    public ClusterTraining training(String name) {
        return training(registry().get(name));
    }

    /**
     * Returns the training on the cluster that a run was sent to.
     *
     * @param run folder of the run
     * @throws org.layerwise.base.UserException if the run was not sent to a cluster, or its cluster is not registered
     */
    public ClusterTraining trainingOf(Path run) {
        return training(registry().of(JobTicket.read(run), run));
    }

    private ClusterTraining training(Cluster cluster) {
        return new ClusterTraining(workbench, cluster, setup(), lookEvery);
    }

    /**
     * Returns the computation of representations on a cluster.
     *
     * @throws org.layerwise.base.UserException if no cluster of this name is registered
     */
    public ClusterExtraction extraction(OpenModel model, RemoteDestination to, JobListener listener) {
        return extraction(model, to.place(), to.how(), listener);
    }

    /** Returns the computation of representations on a cluster, as the other method does. */
    public ClusterExtraction extraction(OpenModel model, String name, RemoteOptions how, JobListener listener) {
        return new ClusterExtraction(
                model,
                registry().get(name),
                setup(),
                how,
                new ExtractionJobs(workbench.folders().jobs()),
                listener,
                lookEvery,
                null,
                null);
    }

    /**
     * Returns the follower of a computation of representations; empty if its result was fetched already.
     *
     * @param job folder that identifies the job
     * @throws org.layerwise.base.UserException if the cluster of the job is not registered
     */
    public Optional<ExtractionFollower> follower(Path job) {
        return JobTicket.isIn(job)
                ? Optional.of(new ExtractionFollower(
                        registry().of(JobTicket.read(job), job), setup(), remark -> {}, lookEvery))
                : Optional.empty();
    }

    private SshSetup setup() {
        return SshSetup.ofUser(workbench.environment(), workbench.folders().config(), questions);
    }
}
