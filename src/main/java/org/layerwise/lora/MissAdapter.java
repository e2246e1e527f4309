package org.layerwise.lora;

import java.util.Optional;
import org.layerwise.model.layer.Linear;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * MiSS (Kang and Yin, arXiv 2409.15371): {@code y + (sum of the shards of dropout(x)) D}, where a shard is r neighbouring
 * elements of the input. All shards share D, so that a sum replaces LoRA's product with A. PEFT fills up the last shard
 * with zeros if r does not divide the width of the input.
 *
 * @param block D, {@code [r, out]}
 * @param dropout dropout in force: 0 for evaluation
 */
record MissAdapter(TensorEngine engine, Tensor block, double dropout) implements ModuleAdapter {

    @Override
    public Tensor apply(Linear map, Tensor x, Tensor y) {
        Tensor dropped = x.dropout(dropout);
        Tensor shared = block.cast(x.dtype());
        int last = x.rank() - 1;
        long rank = block.size(0);
        long shards = x.size(last) / rank;
        long whole = shards * rank;
        long[] shape = x.shape();
        shape[last] = rank;
        Tensor sums = dropped.slice(last, 0, whole)
                .reshape(-1, shards, rank)
                .sum(1, false)
                .reshape(shape);
        Tensor adapted = y.add(sums.matmul(shared));
        long rest = x.size(last) - whole;
        return rest == 0
                ? adapted
                : adapted.add(dropped.slice(last, whole, whole + rest).matmul(shared.slice(0, 0, rest)));
    }

    @Override
    public MissAdapter withDropout(double probability) {
        return new MissAdapter(engine, block, probability);
    }

    @Override
    public Optional<LoraAdapter> product() {
        return Optional.empty();
    }

    @Override
    public Tensor merged(Tensor weight) {
        int rank = Math.toIntExact(block.size(0));
        int in = Math.toIntExact(weight.size(1));
        Tensor sums = engine.of(sums(rank, in), rank, in).to(weight.device());
        return weight.add(block.cast(DType.F32).transpose().matmul(sums));
    }

    /**
     * Returns the matrix that adds up the shards of an input, {@code [r, in]}: LoRA with it as A and the transposed D as
     * B is the same adapter.
     */
    static float[] sums(int rank, int in) {
        float[] values = new float[rank * in];
        for (int i = 0; i < in; i++) {
            values[i % rank * in + i] = 1;
        }
        return values;
    }
}
