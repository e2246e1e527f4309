package org.layerwise.analysis;

/** Rule by which the values of a layer's modules become one value of the layer. */
public enum ModuleAverage {
    /** Mean over the modules of the layer. */
    MEAN,
    /**
     * Mean over the modules of the layer, each divided by the mean of the modules of its type over all layers: for values that
     * differ between types by more than between layers.
     */
    OF_TYPE_MEAN,
    /** Sum over the modules of the layer. */
    SUM,
    /** Root of the sum of squares over the modules of the layer, for norms. */
    ROOT_OF_SQUARES
}
