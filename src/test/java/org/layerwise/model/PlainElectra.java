package org.layerwise.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.layerwise.checkpoint.Checkpoint;

/**
 * ELECTRA's discriminator: Clark et al. (arXiv 2003.10555), section 3; the encoder is BERT's (Devlin et al., arXiv
 * 1810.04805) behind embeddings of another width.
 */
final class PlainElectra {

    private final JsonNode config;
    private final PlainWeights weights;
    private final int width;
    private final double epsilon;

    PlainElectra(Checkpoint checkpoint) {
        this.config = checkpoint.config();
        this.weights = new PlainWeights(checkpoint, "electra.");
        this.width = config.path("hidden_size").asInt();
        this.epsilon = config.path("layer_norm_eps").asDouble();
    }

    List<double[]> hiddenStates(PlainTransformer.Tokens tokens) {
        List<double[]> states = new ArrayList<>();
        states.add(embed(tokens));
        for (int layer = 0; layer < config.path("num_hidden_layers").asInt(); layer++) {
            states.add(layer("encoder.layer." + layer + ".", states.get(layer), tokens));
        }
        return states;
    }

    private double[] embed(PlainTransformer.Tokens tokens) {
        int narrow = config.path("embedding_size").asInt();
        double[] words = tokens.embed(weights.get("embeddings.word_embeddings.weight"), tokens.ids(), narrow);
        double[] types = tokens.embed(weights.get("embeddings.token_type_embeddings.weight"), tokens.types(), narrow);
        double[] places =
                tokens.embed(weights.get("embeddings.position_embeddings.weight"), tokens.positions(), narrow);
        double[] sum = PlainMath.add(PlainMath.add(words, types), places);
        double[] normed = weights.layerNorm("embeddings.LayerNorm", sum, epsilon);
        return narrow == width ? normed : weights.linear("embeddings_project", normed, narrow);
    }

    /** Vaswani et al. (arXiv 1706.03762), section 3.1: each part, what went in added, then normalised. */
    private double[] layer(String name, double[] x, PlainTransformer.Tokens tokens) {
        int heads = config.path("num_attention_heads").asInt();
        int size = width / heads;
        double[] mixed = new PlainAttention(
                        heads,
                        heads,
                        size,
                        1 / Math.sqrt(size),
                        Double.POSITIVE_INFINITY,
                        (row, query, key) -> tokens.real(row, key))
                .of(
                        tokens.rows(),
                        tokens.columns(),
                        weights.linear(name + "attention.self.query", x, width),
                        weights.linear(name + "attention.self.key", x, width),
                        weights.linear(name + "attention.self.value", x, width));
        double[] attended = weights.layerNorm(
                name + "attention.output.LayerNorm",
                PlainMath.add(x, weights.linear(name + "attention.output.dense", mixed, width)),
                epsilon);
        double[] inner = PlainMath.map(
                weights.linear(name + "intermediate.dense", attended, width),
                PlainMath.activation(config.path("hidden_act").asText()));
        double[] fed = weights.linear(
                name + "output.dense", inner, config.path("intermediate_size").asInt());
        return weights.layerNorm(name + "output.LayerNorm", PlainMath.add(attended, fed), epsilon);
    }
}
