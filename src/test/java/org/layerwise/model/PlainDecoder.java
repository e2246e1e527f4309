package org.layerwise.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.layerwise.checkpoint.Checkpoint;

/**
 * Decoders after LLaMA (Touvron et al., arXiv 2302.13971, section 2.2): normalisation before each part, rotary positions,
 * gated feed-forward. Mistral (arXiv 2310.06825), Qwen2 (arXiv 2407.10671), Qwen3 (arXiv 2505.09388), Phi-3 (arXiv
 * 2404.14219), Gemma (arXiv 2403.08295) and Gemma 2 (arXiv 2408.00118) differ where the comments say so.
 */
final class PlainDecoder {

    private final JsonNode config;
    private final String family;
    private final PlainWeights weights;
    private final int width;
    private final int heads;
    private final int groups;
    private final int size;

    PlainDecoder(Checkpoint checkpoint) {
        this.config = checkpoint.config();
        this.family = config.path("model_type").asText();
        this.weights = new PlainWeights(checkpoint, "model.");
        this.width = config.path("hidden_size").asInt();
        this.heads = config.path("num_attention_heads").asInt();
        this.groups = config.path("num_key_value_heads").asInt(heads);
        this.size = config.path("head_dim").asInt(width / heads);
    }

    List<double[]> hiddenStates(PlainTransformer.Tokens tokens) {
        List<double[]> states = new ArrayList<>();
        double[] x = tokens.embed(weights.get("embed_tokens.weight"), tokens.ids(), width);
        if (gemma()) {
            x = PlainMath.map(x, value -> value * Math.sqrt(width));
        }
        for (int layer = 0; layer < config.path("num_hidden_layers").asInt(); layer++) {
            states.add(x);
            x = layer(layer, x, tokens);
        }
        states.add(norm("norm", x));
        return states;
    }

    private double[] layer(int index, double[] x, PlainTransformer.Tokens tokens) {
        String name = "layers." + index + ".";
        double[] mixed = attention(name, norm(name + "input_layernorm", x), tokens, window(index));
        if (!family.equals("gemma2")) {
            double[] attended = PlainMath.add(x, mixed);
            double[] fed = feedForward(name, norm(name + "post_attention_layernorm", attended));
            return PlainMath.add(attended, fed);
        }
        // Gemma 2, section 2: each part is normalised on both sides
        double[] attended = PlainMath.add(x, norm(name + "post_attention_layernorm", mixed));
        double[] fed = feedForward(name, norm(name + "pre_feedforward_layernorm", attended));
        return PlainMath.add(attended, norm(name + "post_feedforward_layernorm", fed));
    }

    private double[] attention(String name, double[] x, PlainTransformer.Tokens tokens, int window) {
        String self = name + "self_attn.";
        double[] queries;
        double[] keys;
        double[] values;
        if (family.equals("phi3")) {
            // Phi-3 stores the three maps as one
            double[] fused = weights.get(self + "qkv_proj.weight");
            int first = heads * size * width;
            int second = first + groups * size * width;
            queries = PlainMath.linear(x, Arrays.copyOfRange(fused, 0, first), null, width);
            keys = PlainMath.linear(x, Arrays.copyOfRange(fused, first, second), null, width);
            values = PlainMath.linear(x, Arrays.copyOfRange(fused, second, fused.length), null, width);
        } else {
            queries = weights.linear(self + "q_proj", x, width);
            keys = weights.linear(self + "k_proj", x, width);
            values = weights.linear(self + "v_proj", x, width);
        }
        if (family.equals("qwen3")) {
            // Qwen3, section 2: queries and keys are normalised, each head by itself
            queries = norm(self + "q_norm", queries);
            keys = norm(self + "k_norm", keys);
        }
        PlainRope rope = PlainRope.of(config, size, tokens.columns());
        rotate(rope, queries, heads, tokens.columns());
        rotate(rope, keys, groups, tokens.columns());
        PlainAttention.Visible visible =
                (row, query, key) -> key <= query && query - key < window && tokens.real(row, key);
        double[] mixed = new PlainAttention(heads, groups, size, scale(), cap(), visible)
                .of(tokens.rows(), tokens.columns(), queries, keys, values);
        return weights.linear(self + "o_proj", mixed, heads * size);
    }

    private void rotate(PlainRope rope, double[] x, int count, int columns) {
        for (int vector = 0; vector < x.length / size; vector++) {
            rope.rotate(x, vector * size, vector / count % columns);
        }
    }

    private double scale() {
        return 1 / Math.sqrt(config.path("query_pre_attn_scalar").asDouble(size));
    }

    private double cap() {
        return config.path("attn_logit_softcapping").asDouble(Double.POSITIVE_INFINITY);
    }

    /**
     * Mistral, section 2, "Sliding Window Attention", after Beltagy et al. (arXiv 2004.05150): how many tokens a token sees,
     * itself and those before it.
     */
    private int window(int layer) {
        JsonNode kinds = config.path("layer_types");
        boolean slides = kinds.isArray()
                ? kinds.path(layer).asText().equals("sliding_attention")
                : switch (family) {
                    case "mistral", "phi3" -> true;
                    case "gemma2" -> layer % 2 == 0;
                    case "qwen2", "qwen3" ->
                        config.path("use_sliding_window").asBoolean()
                                && layer >= config.path("max_window_layers").asInt();
                    default -> false;
                };
        return slides ? config.path("sliding_window").asInt(Integer.MAX_VALUE) : Integer.MAX_VALUE;
    }

    /** Shazeer, GLU Variants Improve Transformer (arXiv 2002.05202), equation 6. */
    private double[] feedForward(String name, double[] x) {
        double[] gate;
        double[] up;
        if (family.equals("phi3")) {
            double[] fused = weights.get(name + "mlp.gate_up_proj.weight");
            gate = PlainMath.linear(x, Arrays.copyOfRange(fused, 0, fused.length / 2), null, width);
            up = PlainMath.linear(x, Arrays.copyOfRange(fused, fused.length / 2, fused.length), null, width);
        } else {
            gate = weights.linear(name + "mlp.gate_proj", x, width);
            up = weights.linear(name + "mlp.up_proj", x, width);
        }
        String key = family.equals("gemma2") ? "hidden_activation" : "hidden_act";
        DoubleUnaryOperator activation = PlainMath.activation(config.path(key).asText());
        for (int i = 0; i < gate.length; i++) {
            gate[i] = activation.applyAsDouble(gate[i]) * up[i];
        }
        return weights.linear(
                name + "mlp.down_proj", gate, config.path("intermediate_size").asInt());
    }

    private double[] norm(String name, double[] x) {
        double epsilon = config.path("rms_norm_eps").asDouble();
        return PlainMath.rmsNorm(x, weights.get(name + ".weight"), gemma() ? 1 : 0, epsilon);
    }

    private boolean gemma() {
        return family.startsWith("gemma");
    }
}
