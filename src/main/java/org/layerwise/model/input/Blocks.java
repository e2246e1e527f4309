package org.layerwise.model.input;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Blocks of rows that lie side by side in one sequence, {@code [1, tokens of all blocks]}. The rows of a block have one
 * length, so there is no padding. What mixes the tokens of a row is computed block by block, all else at once.
 *
 * @param inputs input of each block, {@code [rows, length]}
 */
public record Blocks(TensorEngine engine, List<ModelInput> inputs) {

    public Blocks {
        inputs = List.copyOf(inputs);
    }

    /** Returns the blocks of a tensor {@code [1, tokens of all blocks, width]}, each {@code [rows, length, width]}. */
    public List<Tensor> split(Tensor tokens) {
        List<Tensor> parts = tokens.split(
                1,
                inputs.stream()
                        .mapToLong(input -> input.ids().size(0) * input.ids().size(1))
                        .toArray());
        List<Tensor> blocks = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            Tensor ids = inputs.get(i).ids();
            blocks.add(parts.get(i).reshape(ids.size(0), ids.size(1), tokens.size(2)));
        }
        return blocks;
    }

    /** Joins blocks, each {@code [rows, length, width]}, to {@code [1, tokens of all blocks, width]}. */
    public Tensor join(List<Tensor> blocks) {
        return engine.cat(
                blocks.stream()
                        .map(block -> block.reshape(1, -1, block.size(2)))
                        .toList(),
                1);
    }

    /** Joins numbers of tokens, {@code [rows or 1, length]} in each block, to {@code [1, tokens of all blocks]}. */
    Tensor numbers(Function<ModelInput, Tensor> ofBlock) {
        return engine.cat(
                inputs.stream()
                        .map(input -> ofBlock.apply(input)
                                .expand(input.ids().size(0), input.ids().size(1))
                                .reshape(1, -1))
                        .toList(),
                1);
    }

    /** Returns the features of the images of all blocks; null if there are none. */
    @Nullable
    ImageFeatures images() {
        List<Tensor> values = new ArrayList<>();
        List<Tensor> places = new ArrayList<>();
        long before = 0;
        for (ModelInput input : inputs) {
            ImageFeatures features = input.images();
            if (features != null) {
                values.add(features.values());
                Tensor start =
                        engine.of(new long[] {before}, 1).to(features.places().device());
                places.add(features.places().add(start).cast(DType.I64));
            }
            before += input.ids().size(0) * input.ids().size(1);
        }
        return values.isEmpty() ? null : new ImageFeatures(engine.cat(values, 0), engine.cat(places, 0));
    }
}
