package org.layerwise.model.layer;

import java.util.List;

/** Trainable addition to the same linear map of all experts of a layer, one tensor for all of them. */
public interface ExpertsAdapter {

    /** Returns the additions of the experts, in their order, for one computation. */
    List<? extends OfExpert> ofExperts();

    /** Trainable addition to the linear map of one expert. */
    interface OfExpert extends LinearAdapter {

        /** Returns the addition to some of the map's outputs. */
        OfExpert outputs(long from, long to);
    }
}
