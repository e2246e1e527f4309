package org.layerwise.study.cluster;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.layerwise.remote.JobFollower;
import org.layerwise.remote.JobState;
import org.layerwise.remote.JobWorkers;

/**
 * Listener of a job follower that passes all events to another listener, with the name of the job's cluster.
 *
 * @param place name of the cluster
 * @param told receives new lines of the job's log
 */
record JobListenerAdapter(String place, JobListener listener, Consumer<List<String>> told)
        implements JobFollower.Listener {

    @Override
    public void state(JobState state) {
        listener.state(place, state);
    }

    @Override
    public void workers(JobWorkers workers) {
        listener.workers(place, workers);
    }

    @Override
    public void alone() {
        listener.alone(place);
    }

    @Override
    public void lines(boolean anew, List<String> lines) {
        told.accept(lines);
    }

    @Override
    public void broken(@Nullable String reason) {
        if (reason == null) {
            listener.onRecovered(place);
        } else {
            listener.broken(place, reason);
        }
    }
}
