package org.layerwise.study.cluster;

import org.layerwise.remote.JobListener;
import org.layerwise.training.TrainingListener;

/** Listener for the steps of a training on a cluster and for the state of its job. */
public interface ClusterListener extends TrainingListener, JobListener {

    @Override
    default void noted(String remark) {}
}
