package org.layerwise.model;

/**
 * What a family calls its modules, in HuggingFace's model with a task head. Names of a layer's modules follow
 * {@code layer(i)} and a dot.
 *
 * @param body prefix of the model without its head, for example {@code bert.}; a checkpoint without a head lacks it
 * @param layers prefix of layers, for example {@code encoder.layer.}
 * @param tokenEmbedding table of token vectors
 * @param positionEmbedding table of position vectors
 * @param segmentEmbedding table of segment vectors
 * @param embeddingNorm normalisation of the embeddings' sum
 * @param query linear maps of the attention, in a layer
 * @param attentionNorm normalisation after the attention, in a layer
 * @param up first linear map of the feed-forward part, in a layer
 * @param down second
 * @param feedForwardNorm normalisation after the feed-forward part, in a layer
 * @param pooler dense layer on the first token, of the body
 * @param classifier the head's last linear map, beside the body
 */
record WeightNames(
        String body,
        String layers,
        String tokenEmbedding,
        String positionEmbedding,
        String segmentEmbedding,
        String embeddingNorm,
        String query,
        String key,
        String value,
        String attentionOutput,
        String attentionNorm,
        String up,
        String down,
        String feedForwardNorm,
        String pooler,
        String classifier) {

    /** The full name of a module of a layer. */
    String inLayer(int layer, String module) {
        return body + layers + layer + "." + module;
    }

    /** The full name of a module of the body. */
    String inBody(String module) {
        return body + module;
    }
}
