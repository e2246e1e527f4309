package org.layerwise.selection;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.uncertainty.Resamples;

/**
 * Share of the resamples that select each layer.
 *
 * @param shares share for each layer, 0 to 1
 * @param reason rule, locks and treatment of layers without importance that select in every resample
 * @param first number of the first resamples if the shares are of these alone; empty if they are of all
 */
public record SelectionShares(List<Double> shares, LayerSelection.Reason reason, OptionalInt first) {

    public SelectionShares {
        shares = List.copyOf(shares);
    }

    /** Creates the shares of all resamples. */
    public SelectionShares(List<Double> shares, LayerSelection.Reason reason) {
        this(shares, reason, OptionalInt.empty());
    }

    /** Selects from every kept resample as {@link LayerSelector} does. */
    public static SelectionShares of(Resamples resamples, LayerSelection.Reason reason) {
        boolean[] locked = new boolean[resamples.layers()];
        int[] votes = new int[resamples.layers()];
        for (int layer : reason.locks().always()) {
            locked[layer] = true;
            votes[layer] = resamples.kept();
        }
        reason.locks().never().forEach(layer -> locked[layer] = true);
        if (reason.rule() instanceof SelectionRule.Named named) {
            named.layers().stream().filter(layer -> !locked[layer]).forEach(layer -> votes[layer] = resamples.kept());
        } else {
            vote(votes, resamples, reason, locked);
        }
        return new SelectionShares(
                Arrays.stream(votes)
                        .mapToObj(count -> (double) count / resamples.kept())
                        .toList(),
                reason,
                resamples.kept() < resamples.drawn() ? OptionalInt.of(resamples.kept()) : OptionalInt.empty());
    }

    private static void vote(int[] votes, Resamples resamples, LayerSelection.Reason reason, boolean[] locked) {
        boolean byValue = reason.rule() instanceof SelectionRule.Threshold;
        int places = byValue
                ? resamples.layers()
                : LayerSelector.number(reason.rule(), resamples.layers())
                        - reason.locks().always().size();
        if (reason.undefined() == UndefinedLayers.INCLUDE) {
            for (int layer : resamples.undefined()) { // these rank first
                if (!locked[layer] && places > 0) {
                    votes[layer] = resamples.kept();
                    places--;
                }
            }
        }
        double least = reason.rule() instanceof SelectionRule.Threshold threshold ? threshold.importance() : Double.NaN;
        for (int i = 0; i < resamples.kept(); i++) {
            int free = places;
            for (int rank = 0; rank < resamples.ranked() && free > 0; rank++) {
                int layer = resamples.layer(i, rank);
                if (byValue && !(Double.isFinite(resamples.value(i, layer)) && resamples.value(i, layer) >= least)) {
                    break;
                }
                if (!locked[layer]) {
                    votes[layer]++;
                    free--;
                }
            }
        }
    }

    /**
     * Returns the rule for users, in words that follow "by", with the number of the first resamples if these are not
     * all: {@code ratio 0.5}, {@code ratio 0.5 and locks, in the first 12500 resamples}.
     */
    public String words() {
        return reason.rule().words()
                + (reason.locks().equals(LayerLocks.none()) ? "" : " and locks")
                + (first.isPresent() ? ", in the first %s resamples".formatted(first.getAsInt()) : "");
    }
}
