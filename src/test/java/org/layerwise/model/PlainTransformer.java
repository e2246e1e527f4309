package org.layerwise.model;

import java.util.Arrays;
import java.util.List;
import org.layerwise.checkpoint.Checkpoint;

/**
 * Transformers once more, as loops over doubles, written from the papers: an answer that shares no code with the program's
 * own models, nor with HuggingFace's.
 */
final class PlainTransformer {

    private PlainTransformer() {}

    /** Rows of token ids, filled up where the mask is 0; each array is [rows, columns]. */
    record Tokens(int rows, int columns, long[] ids, long[] types, long[] mask) {

        /** Whether there is a token, rather than padding. */
        boolean real(int row, int column) {
            return mask[row * columns + column] == 1;
        }

        /** The rows of an embedding table for some ids: [rows, columns, width]. */
        double[] embed(double[] table, long[] some, int width) {
            double[] out = new double[some.length * width];
            for (int i = 0; i < some.length; i++) {
                System.arraycopy(table, (int) some[i] * width, out, i * width, width);
            }
            return out;
        }

        /** The number of each token in its row. */
        long[] positions() {
            long[] positions = new long[ids.length];
            Arrays.setAll(positions, i -> i % columns);
            return positions;
        }
    }

    /**
     * What enters the first layer and what leaves each, as HuggingFace's {@code hidden_states}: [rows, columns, width] each.
     * Values at padding mean nothing.
     */
    static List<double[]> hiddenStates(Checkpoint checkpoint, Tokens tokens) {
        String family = checkpoint.config().path("model_type").asText();
        return switch (family) {
            case "llama", "mistral", "qwen2", "qwen3", "phi3", "gemma", "gemma2" ->
                new PlainDecoder(checkpoint).hiddenStates(tokens);
            case "electra" -> new PlainElectra(checkpoint).hiddenStates(tokens);
            default -> throw new IllegalArgumentException(family);
        };
    }
}
