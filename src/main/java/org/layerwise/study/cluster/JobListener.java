package org.layerwise.study.cluster;

import org.layerwise.remote.JobState;
import org.layerwise.remote.JobWorkers;

/** Hears how a job on a cluster is. What is not heard for itself is told as a remark. */
@FunctionalInterface
public interface JobListener {

    /** A remark that people should see, one sentence. */
    void noted(String remark);

    /**
     * The state of the job has changed.
     *
     * @param place what people call the cluster
     */
    default void state(String place, JobState state) {
        noted("%s: %s".formatted(place, state.words()));
    }

    /** Those who work at it have come together, perhaps once more after one was lost. */
    default void workers(String place, JobWorkers workers) {
        noted("%s: %s".formatted(place, workers.words()));
    }

    /** The job runs, but its workers have not come together for a while. */
    default void alone(String place) {
        noted(
                "On %s no worker has begun yet: there may be no room for as many, or the model is still being loaded; the log there says more."
                        .formatted(place));
    }

    /** The cluster cannot be reached for now; it is tried again and again. */
    default void broken(String place, String reason) {
        noted("%s cannot be reached for now (%s); the job goes on there.".formatted(place, reason));
    }

    /** The cluster can be reached again. */
    default void mended(String place) {
        noted("%s answers again.".formatted(place));
    }
}
