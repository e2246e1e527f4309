package org.layerwise.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.OnnxGraph.Initializer;
import org.layerwise.checkpoint.OnnxGraph.Node;
import org.layerwise.checkpoint.SafetensorsWriter.Named;
import org.layerwise.tensor.DType;

/**
 * Weights of a BERT that PyTorch exported to ONNX, under the names of HuggingFace's {@code BertModel}. The export keeps
 * the names of embeddings, norms and biases. But it folds the transposition of {@code nn.Linear} into the weights and
 * names them {@code onnx::MatMul_1525} and so on. Such a weight gets its name from the bias that is added to its
 * product, and is transposed back to {@code [out, in]}.
 */
final class BertFromOnnx {

    private static final String ANONYMOUS = "onnx::";
    private static final String BIAS = ".bias";
    private static final Pattern LAYER = Pattern.compile("encoder\\.layer\\.(\\d+)\\..*");

    private final Map<String, Weight> weights = new TreeMap<>();

    /**
     * Weight under its HuggingFace name; {@code transposed} is true if the ONNX file contains it as {@code [in, out]}.
     */
    private record Weight(Initializer source, boolean transposed) {

        long[] shape() {
            List<Long> shape = source.shape();
            return transposed
                    ? new long[] {shape.get(1), shape.get(0)}
                    : shape.stream().mapToLong(Long::longValue).toArray();
        }

        ByteBuffer data() {
            return transposed ? transpose() : source.data();
        }

        private ByteBuffer transpose() {
            int rows = source.shape().get(0).intValue();
            int columns = source.shape().get(1).intValue();
            IntBuffer from = source.data().asIntBuffer(); // copied as bits, independent of their type
            ByteBuffer result = ByteBuffer.allocate(source.data().capacity()).order(ByteOrder.LITTLE_ENDIAN);
            IntBuffer to = result.asIntBuffer();
            for (int column = 0; column < columns; column++) {
                for (int row = 0; row < rows; row++) {
                    to.put(from.get(row * columns + column));
                }
            }
            return result;
        }
    }

    /**
     * Names the weights of a graph.
     *
     * @throws IOException if the graph is not that of a BERT exported by PyTorch
     */
    BertFromOnnx(OnnxGraph graph) throws IOException {
        Map<String, String> biasAddedTo = biases(graph);
        for (Initializer initializer : graph.initializers().values()) {
            // position ids are a buffer that counts up, not a weight
            if (!initializer.name().startsWith(ANONYMOUS) && initializer.type() == OnnxGraph.FLOAT) {
                add(initializer.name(), new Weight(initializer, false));
            }
        }
        for (Node node : graph.nodes()) {
            for (String input : node.inputs()) {
                Initializer initializer = graph.initializers().get(input);
                if (initializer != null && input.startsWith(ANONYMOUS) && initializer.type() == OnnxGraph.FLOAT) {
                    String bias = biasAddedTo.get(node.outputs().get(0));
                    if (!node.operator().equals("MatMul") || initializer.shape().size() != 2 || bias == null) {
                        throw new IOException("nothing tells the name of its weight " + input);
                    }
                    String name = bias.substring(0, bias.length() - BIAS.length()) + ".weight";
                    add(name, new Weight(initializer, true));
                }
            }
        }
    }

    /** Returns all weights, sorted by name; data are transposed when they are read. */
    List<Named> tensors() {
        List<Named> tensors = new ArrayList<>();
        weights.forEach((name, weight) -> tensors.add(Named.lazy(name, DType.F32, weight.shape(), weight::data)));
        return tensors;
    }

    /**
     * Returns the config.json of HuggingFace's {@code BertConfig}. Sizes come from the shapes of the weights; values
     * that shapes do not determine are BERT's (exact gelu, epsilon 1e-12, dropout 0.1).
     *
     * @param headSize the width of an attention head
     * @throws IOException if a weight that determines a size is missing
     */
    ObjectNode config(int headSize) throws IOException {
        long[] words = shape("embeddings.word_embeddings.weight");
        ObjectNode config = Json.object();
        config.putArray("architectures").add("BertModel");
        return config.put("model_type", "bert")
                .put("vocab_size", words[0])
                .put("hidden_size", words[1])
                .put("num_hidden_layers", layers())
                .put("num_attention_heads", shape("encoder.layer.0.attention.self.query.weight")[0] / headSize)
                .put("intermediate_size", shape("encoder.layer.0.intermediate.dense.weight")[0])
                .put("max_position_embeddings", shape("embeddings.position_embeddings.weight")[0])
                .put("type_vocab_size", shape("embeddings.token_type_embeddings.weight")[0])
                .put("hidden_act", "gelu")
                .put("layer_norm_eps", 1e-12)
                .put("hidden_dropout_prob", 0.1)
                .put("attention_probs_dropout_prob", 0.1)
                .put("initializer_range", 0.02)
                .put("position_embedding_type", "absolute")
                .put("pad_token_id", 0)
                .put("torch_dtype", "float32");
    }

    private void add(String name, Weight weight) throws IOException {
        long elements = weight.source().shape().stream().reduce(1L, (a, b) -> a * b);
        if (weight.source().data().capacity() != elements * Float.BYTES) {
            throw new IOException("the data of its weight %s do not fit the shape".formatted(name));
        }
        if (weights.put(name, weight) != null) {
            throw new IOException("it has two weights of the name " + name);
        }
    }

    private long[] shape(String name) throws IOException {
        Weight weight = weights.get(name);
        if (weight == null || weight.shape().length != 2) {
            throw new IOException("it has no matrix " + name);
        }
        return weight.shape();
    }

    private int layers() {
        return 1
                + weights.keySet().stream()
                        .map(LAYER::matcher)
                        .filter(Matcher::matches)
                        .mapToInt(matcher -> Integer.parseInt(matcher.group(1)))
                        .max()
                        .orElse(-1);
    }

    /** Returns the biases that are added to tensors, by the names of the tensors. */
    private static Map<String, String> biases(OnnxGraph graph) {
        Map<String, String> biases = new HashMap<>();
        for (Node node : graph.nodes()) {
            if (node.operator().equals("Add") && node.inputs().size() == 2) {
                for (int i = 0; i < 2; i++) {
                    String bias = node.inputs().get(i);
                    if (bias.endsWith(BIAS) && graph.initializers().containsKey(bias)) {
                        biases.put(node.inputs().get(1 - i), bias);
                    }
                }
            }
        }
        return biases;
    }
}
