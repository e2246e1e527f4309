package org.layerwise.study.experiment.rules;

import java.util.LinkedHashMap;
import java.util.Map;
import org.layerwise.base.UserException;
import org.layerwise.lora.LoraSettings;
import org.layerwise.settings.AdapterSettings;

/**
 * Halves the rank of adapters. Alpha changes with it, so that the scale of the update stays: alpha / r, or alpha /
 * sqrt(r) for rsLoRA.
 */
public final class HalfRank {

    private HalfRank() {}

    /**
     * Returns adapters with half of the rank, also where modules have a rank of their own.
     *
     * @throws UserException if a rank is odd
     */
    public static AdapterSettings of(AdapterSettings whole) {
        double factor = whole.variant().rankStabilised() ? Math.sqrt(0.5) : 0.5;
        Map<String, Integer> ranks = new LinkedHashMap<>();
        whole.values().get(LoraSettings.RANK_PATTERN).forEach((module, rank) -> ranks.put(module, half(rank)));
        Map<String, Double> alphas = new LinkedHashMap<>();
        whole.values().get(LoraSettings.ALPHA_PATTERN).forEach((module, alpha) -> alphas.put(module, alpha * factor));
        AdapterSettings half = whole.withRank(half(whole.rank()), whole.values().get(LoraSettings.ALPHA) * factor);
        half = ranks.isEmpty() ? half : half.with(LoraSettings.RANK_PATTERN, ranks);
        return alphas.isEmpty() ? half : half.with(LoraSettings.ALPHA_PATTERN, alphas);
    }

    private static int half(int rank) {
        if (rank % 2 != 0) {
            throw new UserException(
                    "Half of the rank %s is no whole number; give an even --r, or leave out the arms with half of it."
                            .formatted(rank));
        }
        return rank / 2;
    }
}
