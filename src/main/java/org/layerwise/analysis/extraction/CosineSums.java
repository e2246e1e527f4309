package org.layerwise.analysis.extraction;

import java.util.Arrays;
import java.util.List;
import org.layerwise.analysis.Matrix;
import org.layerwise.data.TokenRow;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/** Sums the cosines of tokens between hidden states, batch by batch. */
final class CosineSums {

    private static final double LEAST_NORM = 1e-30;

    private final TensorEngine engine;
    private final int layers;
    private final int[] tokens;
    private final float[] perExample;
    private final double[][] sums;

    CosineSums(TensorEngine engine, TokenizedDataset data, int layers) {
        this.engine = engine;
        this.layers = layers;
        this.tokens = data.rows().stream().mapToInt(TokenRow::attended).toArray();
        this.perExample = new float[Math.multiplyExact(data.size(), layers)];
        this.sums = new double[layers + 1][layers + 1];
    }

    /** Returns the mask {@code [batch, sequence, 1]}, 1 for a token and 0 for padding, in the innermost open scope. */
    Tensor mask(TokenBatch batch, Device device) {
        return engine.of(batch.mask(), batch.size(), batch.length(), 1)
                .to(device)
                .cast(DType.F32);
    }

    /** Scales the vectors of tokens to length 1 and those of padding to length 0, float32. */
    static Tensor unit(Tensor hidden, Tensor mask) {
        Tensor x = hidden.cast(DType.F32);
        Tensor norms = x.square().sum(-1, true).sqrt().clampMin(LEAST_NORM);
        return x.mul(mask.div(norms));
    }

    /**
     * Adds the cosines between all hidden states of a batch.
     *
     * @param units result of {@link #unit} for each hidden state, {@code [batch, sequence, d]}
     */
    void all(List<Tensor> units, int[] rows) {
        int states = layers + 1;
        Tensor flat = engine.cat(
                units.stream().map(unit -> unit.reshape(rows.length, 1, -1)).toList(), 1);
        float[] products = flat.matmul(flat.transpose()).floats();
        for (int row = 0; row < rows.length; row++) {
            int from = row * states * states;
            for (int i = 0; i < states; i++) {
                for (int j = 0; j < states; j++) {
                    sums[i][j] += products[from + i * states + j];
                }
            }
            for (int layer = 0; layer < layers; layer++) {
                put(rows[row], layer, products[from + layer * states + layer + 1]);
            }
        }
    }

    /** Adds the cosines between a layer's input and output for a batch, if no other hidden states are available. */
    void consecutive(int layer, Tensor input, Tensor output, Tensor mask, int[] rows) {
        float[] products = unit(input, mask)
                .mul(unit(output, mask))
                .reshape(rows.length, -1)
                .sum(1, false)
                .floats();
        for (int row = 0; row < rows.length; row++) {
            sums[layer][layer + 1] += products[row];
            put(rows[row], layer, products[row]);
        }
    }

    private void put(int row, int layer, float sum) {
        perExample[row * layers + layer] = sum / Math.max(1, tokens[row]); // 0 for a row without tokens
    }

    TokenCosines ofAllPairs() {
        return new TokenCosines(tokens, new Matrix(tokens.length, layers, perExample), sums);
    }

    TokenCosines ofConsecutive() {
        double count = Arrays.stream(tokens).sum();
        for (int i = 0; i <= layers; i++) {
            for (int j = 0; j <= layers; j++) {
                if (i == j) {
                    sums[i][i] = count;
                } else if (j == i + 1) {
                    sums[j][i] = sums[i][j];
                } else if (j > i) {
                    sums[i][j] = Double.NaN;
                    sums[j][i] = Double.NaN;
                }
            }
        }
        return ofAllPairs();
    }
}
