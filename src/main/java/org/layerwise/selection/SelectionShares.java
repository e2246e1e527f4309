package org.layerwise.selection;

import java.util.Arrays;
import java.util.List;
import org.layerwise.analysis.uncertainty.Resamples;

/**
 * Share of the resamples that select each layer.
 *
 * @param shares share for each layer, 0 to 1
 * @param reason rule, locks and treatment of layers without importance that select in every resample
 */
public record SelectionShares(List<Double> shares, LayerSelection.Reason reason) {

    public SelectionShares {
        shares = List.copyOf(shares);
    }

    /** Selects from every resample as a selection was made. */
    public static SelectionShares of(Resamples resamples, LayerSelection.Reason reason) {
        boolean byValue = reason.rule() instanceof SelectionRule.Threshold;
        int[] votes = new int[resamples.layers()];
        for (int i = 0; i < resamples.count(); i++) {
            LayerSelector.layers(
                            byValue ? resamples.importance(i) : resamples.ofAll(),
                            resamples.ranking(i, reason.undefined()),
                            reason.rule(),
                            reason.locks())
                    .forEach(layer -> votes[layer]++);
        }
        return new SelectionShares(
                Arrays.stream(votes)
                        .mapToObj(count -> (double) count / resamples.count())
                        .toList(),
                reason);
    }

    /** Returns the rule for users, in words that follow "by": {@code ratio 0.5}, {@code ratio 0.5 and locks}. */
    public String words() {
        return reason.rule().words() + (reason.locks().equals(LayerLocks.none()) ? "" : " and locks");
    }
}
