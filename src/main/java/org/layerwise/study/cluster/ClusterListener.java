package org.layerwise.study.cluster;

import org.layerwise.training.TrainingListener;

/** Hears of a training on a cluster: of its steps, and of how its job is. */
public interface ClusterListener extends TrainingListener, JobListener {

    @Override
    default void noted(String remark) {}
}
