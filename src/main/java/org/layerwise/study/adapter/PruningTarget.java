package org.layerwise.study.adapter;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Decimals;
import org.layerwise.base.UserException;
import org.layerwise.settings.BestMetric;

/** Rule that says how much of an adapter is kept. */
public sealed interface PruningTarget {

    /** All steps are measured, and nothing is kept. */
    record Nothing() implements PruningTarget {}

    /** A number of layers is kept. */
    record Layers(int count) implements PruningTarget {}

    /** At most a share of the parameters of the adapters in the layers is kept, above 0 and below 1. */
    record Share(double share) implements PruningTarget {

        /** Returns the share in words, such as {@code 50 %}. */
        String percent() {
            return Decimals.plain(Math.rint(1e6 * share) / 1e4) + " %";
        }
    }

    /** The fewest parameters with which the metric is worse by no more than this, in the units of the metric. */
    record Within(double loss) implements PruningTarget {}

    /**
     * Returns the rule of the flags.
     *
     * @param keep number of layers, or share of the parameters in per cent with the sign {@code %}; null for none
     * @param within largest allowed loss of the metric; null for none
     * @throws UserException if a value is out of range
     */
    static PruningTarget of(@Nullable String keep, @Nullable Double within) {
        if (within != null) {
            if (!(within >= 0) || within.isInfinite()) {
                throw new UserException("--within must be a number of at least 0, not %s.".formatted(within));
            }
            return new Within(within);
        }
        if (keep == null) {
            return new Nothing();
        }
        String text = keep.strip();
        try {
            if (text.endsWith("%")) {
                double share = Double.parseDouble(text.substring(0, text.length() - 1)) / 100;
                if (share > 0 && share < 1) {
                    return new Share(share);
                }
            } else {
                int count = Integer.parseInt(text);
                if (count >= 1) {
                    return new Layers(count);
                }
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw new UserException(
                "--keep must be a number of layers of at least 1, such as 6, or a share of the parameters between 0%% and 100%%, such as 50%%, not \"%s\"."
                        .formatted(keep));
    }

    /** Returns true if a step is small enough that no further one is needed. */
    default boolean reached(PruningStep step, PruningStep whole) {
        if (this instanceof Layers layers) {
            return step.layers().size() <= layers.count();
        }
        return this instanceof Share share && step.parameters() <= share.share() * whole.parameters();
    }

    /** Returns the step to keep; empty if nothing is to be kept, or no step is small enough. */
    default Optional<PruningStep> chosen(List<PruningStep> steps, BestMetric metric) {
        PruningStep whole = steps.get(0);
        if (this instanceof Within within) {
            PruningStep fewest = whole;
            for (PruningStep step : steps) {
                if (step.loss(whole, metric) <= within.loss()) {
                    fewest = step;
                }
            }
            return Optional.of(fewest);
        }
        return this instanceof Nothing
                ? Optional.empty()
                : steps.stream().filter(step -> reached(step, whole)).findFirst();
    }

    /** Returns the rule in words that follow "Kept"; empty if nothing is kept. */
    default String words() {
        if (this instanceof Layers layers) {
            return layers.count() == 1 ? "one layer" : layers.count() + " layers";
        }
        if (this instanceof Share share) {
            return "at most %s of the parameters".formatted(share.percent());
        }
        return this instanceof Within within
                ? "the fewest parameters within %s of the whole adapter".formatted(Decimals.plain(within.loss()))
                : "";
    }
}
