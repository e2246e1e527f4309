package org.layerwise.model.config;

/**
 * DeBERTa's disentangled attention (He et al., arXiv 2006.03654 and 2111.09543).
 *
 * @param contentToPosition true if content attends to positions
 * @param positionToContent true if positions attend to content
 * @param sharedKeys true if positions go through the maps of queries and keys; otherwise they have their own maps
 * @param buckets number of buckets of growing width on each side; 0 for one bucket per distance
 * @param maxDistance largest distance that is distinguished from larger ones
 * @param normed true if the table of relative positions is normalised
 * @param convolution width of the convolution beside the first layer (DeBERTa-v2 xlarge); 0 for none
 * @param convolutionGroups number of groups of the convolution
 * @param convolutionActivation non-linearity of the convolution
 */
public record DisentangledConfig(
        boolean contentToPosition,
        boolean positionToContent,
        boolean sharedKeys,
        int buckets,
        int maxDistance,
        boolean normed,
        int convolution,
        int convolutionGroups,
        Activation convolutionActivation) {

    /** Returns the number of rows of the table of relative positions on each side. */
    public int span() {
        return buckets > 0 ? buckets : maxDistance;
    }
}
