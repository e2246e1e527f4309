package org.layerwise.gui.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.CheckResult;
import org.layerwise.base.Progress;
import org.layerwise.remote.Cluster;
import org.layerwise.remote.ssh.SshQuestions;
import org.layerwise.run.TrainingSummary;
import org.layerwise.study.cluster.ClusterListener;
import org.layerwise.study.cluster.PendingAnalysis;

/**
 * Registered clusters and the runs on them. As in {@link Engine}, every method blocks and throws
 * {@link org.layerwise.base.UserException} for errors that a user can fix. Questions are asked on the working thread.
 */
public interface Clusters {

    /** Returns the registered clusters in the order of their registration. */
    List<Cluster> places();

    /**
     * Registers a cluster or changes a registered one.
     *
     * @param instead name of the cluster to replace; null to add a cluster
     */
    void keep(Cluster place, @Nullable String instead);

    /** Removes a cluster from the registered ones. Files on the cluster are not deleted. */
    void remove(String name);

    /**
     * Checks a cluster with each step of a job.
     *
     * @param found receives the result of each step
     * @return true if all steps succeed
     */
    boolean check(Cluster place, SshQuestions questions, Progress progress, Consumer<CheckResult> found);

    /**
     * Follows a run to its end and fetches its result.
     *
     * @param listener receives the steps and states of the run, on the working thread
     * @throws org.layerwise.base.UserException if the run has left no adapter or the cluster cannot be reached;
     *     the run folder shows which of the two it is
     * @throws org.layerwise.base.CancelledException if cancelled; the run continues on the cluster
     */
    TrainingSummary follow(Path run, SshQuestions questions, Progress progress, ClusterListener listener);

    /** Submits a run again that was stopped or interrupted; does not change any other run. */
    void goOn(Path run, SshQuestions questions, Progress progress);

    /** Asks a run to stop after the current step and to save its state. */
    void stop(Path run, SshQuestions questions, Progress progress);

    /**
     * Waits for a job that {@link LoadedModel#handIn} has submitted.
     *
     * @throws org.layerwise.base.UserException if the job ends without a result
     * @throws org.layerwise.base.CancelledException if cancelled; the job continues on the cluster
     */
    void await(Path job, SshQuestions questions, Progress progress);

    /**
     * Returns the analyses that an earlier process has sent to clusters and has not fetched before it ended. The
     * calling process takes them over.
     */
    List<PendingAnalysis> left();

    /** Ends a job that {@link LoadedModel#handIn} has submitted. */
    void end(Path job, SshQuestions questions, Progress progress);

    /** Returns the output of a run on its cluster. */
    String output(Path run, SshQuestions questions, Progress progress);
}
