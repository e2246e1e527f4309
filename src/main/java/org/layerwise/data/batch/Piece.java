package org.layerwise.data.batch;

import java.util.Arrays;
import java.util.List;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.input.ModelInput;

/**
 * Rows of a training step that are computed together: one padded batch, or several batches without padding whose rows
 * lie side by side in one sequence.
 *
 * @param batches the batches, in the order of the sequence
 */
public record Piece(List<Batch> batches) {

    public Piece {
        if (batches.isEmpty()) {
            throw new IllegalArgumentException("a piece needs a row");
        }
        batches = List.copyOf(batches);
    }

    /** Creates a piece of one batch. */
    public static Piece of(Batch batch) {
        return new Piece(List.of(batch));
    }

    /** Returns the indices of the rows in the dataset, in the order of the batches. */
    public int[] rows() {
        return batches.stream()
                .flatMapToInt(batch -> Arrays.stream(batch.rows()))
                .toArray();
    }

    /** Returns the number of tokens without padding. */
    public long tokens() {
        return batches.stream()
                .mapToLong(batch -> Arrays.stream(batch.tokens().mask()).sum())
                .sum();
    }

    /** Returns the number of tokens with padding. */
    public int computedTokens() {
        return batches.stream()
                .mapToInt(batch -> batch.tokens().size() * batch.tokens().length())
                .sum();
    }

    /** Copies the rows to the device of a model; several batches lie side by side. */
    public ModelInput input(TransformerModel model) {
        return batches.size() == 1
                ? model.input(batches.get(0).tokens())
                : model.sideBySide(batches.stream().map(Batch::tokens).toList());
    }
}
