/**
 * Estimate of the GPUs and the time that a training takes on a cluster. Start with {@link
 * org.layerwise.study.cost.ClusterPlan}.
 */
@NullMarked
package org.layerwise.study.cost;

import org.jspecify.annotations.NullMarked;
