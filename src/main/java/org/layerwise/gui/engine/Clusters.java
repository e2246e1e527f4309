package org.layerwise.gui.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Finding;
import org.layerwise.base.Progress;
import org.layerwise.remote.Target;
import org.layerwise.remote.ssh.SshQuestions;
import org.layerwise.study.TrainingSummary;
import org.layerwise.study.cluster.AskedAnalysis;
import org.layerwise.study.cluster.ClusterListener;

/**
 * The clusters that people have set up, and the runs that are there. Every method blocks and throws {@link
 * org.layerwise.base.UserException} for what a user can mend, as those of {@link Engine}. Questions are asked on the working thread.
 */
public interface Clusters {

    /** Those that are set up, in the order they were added. */
    List<Target> places();

    /**
     * Keeps a cluster.
     *
     * @param instead the name of the one that it replaces; null if it is a further one
     */
    void keep(Target place, @Nullable String instead);

    /** Forgets a cluster. What lies there stays. */
    void remove(String name);

    /**
     * Goes the way that a job goes.
     *
     * @param found hears of each step
     * @return whether all is well
     */
    boolean check(Target place, SshQuestions questions, Progress progress, Consumer<Finding> found);

    /**
     * Follows a run to its end and fetches what it came to.
     *
     * @param listener hears of its steps and its states, on the working thread
     * @throws org.layerwise.base.UserException if it has left no adapter, or the cluster cannot be reached; its folder says which
     * @throws org.layerwise.base.CancelledException if cancelled; the run goes on there
     */
    TrainingSummary follow(Path run, SshQuestions questions, Progress progress, ClusterListener listener);

    /** Hands a run in again that was stopped or cut off; any other is left as it is. */
    void goOn(Path run, SshQuestions questions, Progress progress);

    /** Asks a run to stop after the step in hand and to keep what it has. */
    void stop(Path run, SshQuestions questions, Progress progress);

    /**
     * Waits for a job that {@link LoadedModel#handIn} has handed in.
     *
     * @throws org.layerwise.base.UserException if it ends without a result
     * @throws org.layerwise.base.CancelledException if cancelled; the job goes on there
     */
    void await(Path job, SshQuestions questions, Progress progress);

    /**
     * Analyses that were sent to clusters by a program that has ended before it fetched them; from now on they are this one's.
     */
    List<AskedAnalysis> left();

    /** Ends a job that {@link LoadedModel#handIn} has handed in. */
    void end(Path job, SshQuestions questions, Progress progress);

    /** What a run has printed there. */
    String output(Path run, SshQuestions questions, Progress progress);
}
