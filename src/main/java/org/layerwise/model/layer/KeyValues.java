package org.layerwise.model.layer;

import java.util.List;
import java.util.stream.IntStream;
import org.layerwise.model.input.Blocks;
import org.layerwise.tensor.Tensor;

/**
 * Keys and values of attention, normalised and turned, each {@code [batch, heads, sequence, d]}. There may be fewer
 * heads than those of the queries.
 */
public record KeyValues(Tensor keys, Tensor values) {

    /** Joins the keys and values of the blocks of rows that lie side by side. */
    static KeyValues joined(List<KeyValues> ofBlocks, Blocks blocks) {
        return new KeyValues(
                joinedHeads(ofBlocks.stream().map(KeyValues::keys).toList(), blocks),
                joinedHeads(ofBlocks.stream().map(KeyValues::values).toList(), blocks));
    }

    private static Tensor joinedHeads(List<Tensor> heads, Blocks blocks) {
        return blocks.join(heads.stream().map(Tensor::joinHeads).toList())
                .splitHeads((int) heads.get(0).size(1));
    }

    /** Returns the keys and values of each block of rows that lie side by side. */
    List<KeyValues> of(Blocks blocks) {
        int heads = (int) keys.size(1);
        List<Tensor> allKeys = blocks.split(keys.joinHeads());
        List<Tensor> allValues = blocks.split(values.joinHeads());
        return IntStream.range(0, allKeys.size())
                .mapToObj(block -> new KeyValues(
                        allKeys.get(block).splitHeads(heads),
                        allValues.get(block).splitHeads(heads)))
                .toList();
    }

    /** Returns keys and values that several heads of the queries share, once for each. */
    KeyValues repeated(int times) {
        return new KeyValues(keys.repeatHeads(times), values.repeatHeads(times));
    }
}
