package org.layerwise.training;

import java.util.Locale;
import org.layerwise.data.TokenRow;
import org.layerwise.data.batch.Batches;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.config.RowPadding;

/**
 * Tokens that a pass over the rows computes with packing and without it.
 *
 * @param packed number of tokens with packing, which has no padding
 * @param padded number of tokens without packing, padding included
 */
record PackingGain(long packed, long padded) {

    /**
     * Counts the tokens of the first epoch.
     *
     * @param tokens maximum number of tokens per piece
     */
    static PackingGain of(TokenizedDataset rows, TrainerSettings settings, RowPadding padding, int tokens) {
        return new PackingGain(
                rows.rows().stream().mapToLong(TokenRow::length).sum(),
                settings.batches().of(rows, settings.seed(), 0).stream()
                        .mapToLong(batch -> Batches.paddedTokens(batch, rows, padding, tokens))
                        .sum());
    }

    /** Returns the gain as one sentence for the user. */
    String told() {
        return packed == padded
                ? "Packing saves nothing: rows that are computed together have the same length."
                : String.format(
                        Locale.ROOT,
                        "Packing computes %,d tokens a pass over the rows instead of %,d, of which %d %% were padding.",
                        packed,
                        padded,
                        Math.round(100.0 * (padded - packed) / padded));
    }
}
