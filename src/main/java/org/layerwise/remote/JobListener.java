package org.layerwise.remote;

/** Listener for the state of a job on a cluster. Events that a listener does not handle are passed to it as remarks. */
@FunctionalInterface
public interface JobListener {

    /** Receives a remark for the user, in one sentence. */
    void noted(String remark);

    /**
     * Receives a new state of the job.
     *
     * @param place display name of the cluster
     */
    default void state(String place, JobState state) {
        noted("%s: %s".formatted(place, state.words()));
    }

    /**
     * Receives the workers of the job after they have connected to each other, which may happen again after a worker
     * was lost.
     */
    default void workers(String place, JobWorkers workers) {
        noted("%s: %s".formatted(place, workers.words()));
    }

    /** Receives the event that the job is running but its workers have not connected to each other for some time. */
    default void alone(String place) {
        noted(
                "On %s no worker has begun yet: there may be no room for as many, or the model is still being loaded; the log there says more."
                        .formatted(place));
    }

    /** Receives the event that the cluster cannot be reached for now. Layerwise keeps retrying. */
    default void broken(String place, String reason) {
        noted("%s cannot be reached for now (%s); the job goes on there.".formatted(place, reason));
    }

    /** Receives the event that the cluster can be reached again. */
    default void onRecovered(String place) {
        noted("%s answers again.".formatted(place));
    }
}
