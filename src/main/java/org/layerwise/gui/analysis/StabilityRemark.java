package org.layerwise.gui.analysis;

import static org.layerwise.gui.common.Messages.text;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.Reliability;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.SelectionRule;
import org.layerwise.selection.SelectionShares;
import org.layerwise.study.analysis.MeasureResult;

/** A sentence on how much a selection by importance depends on the sampled examples. */
final class StabilityRemark {

    /** Margin of the selection probability: below 1 - 0.05, or above 0.05, a layer counts as uncertain. */
    private static final double CLOSE = 0.05;

    private StabilityRemark() {}

    /**
     * Returns how often resamples select the layers, if that is known for the rule and the locks of this selection;
     * otherwise what the intervals show. Empty if nothing was resampled or if the selection was not made by importance.
     *
     * @param shares share of the resamples that select each layer; null if it is not known
     */
    static String of(
            @Nullable MeasureResult result, @Nullable LayerSelection selection, @Nullable SelectionShares shares) {
        Uncertainty uncertainty = result == null ? null : result.uncertainty();
        if (result == null
                || uncertainty == null
                || selection == null
                || selection.of() != uncertainty.intervals().size()
                || !(selection.reason().rule() instanceof SelectionRule.TopRatio)) {
            return "";
        }
        List<Integer> in = free(selection, uncertainty, true);
        List<Integer> out = free(selection, uncertainty, false);
        if (in.isEmpty() || out.isEmpty()) {
            return "";
        }
        return shares != null && shares.reason().equals(selection.reason())
                ? byFrequency(shares.shares(), in, out)
                : byIntervals(uncertainty, in, out);
    }

    /** Returns a sentence with the reliability of the ranking; empty if it is not known. */
    static String reliability(@Nullable MeasureResult result) {
        Reliability known = result == null ? null : result.reliability();
        return known == null ? "" : text("analysis.trust.reliability", known.summary());
    }

    private static String byFrequency(List<Double> selected, List<Integer> in, List<Integer> out) {
        List<Integer> close = Stream.concat(
                        in.stream().filter(layer -> selected.get(layer) < 1 - CLOSE),
                        out.stream().filter(layer -> selected.get(layer) > CLOSE))
                .sorted(Comparator.comparing(selected::get).reversed())
                .toList();
        if (close.isEmpty()) {
            double least = in.stream().mapToDouble(selected::get).min().orElseThrow();
            double most = out.stream().mapToDouble(selected::get).max().orElseThrow();
            return text("analysis.trust.clear", NumberTexts.share(least), NumberTexts.share(most));
        }
        return text(
                "analysis.trust.close",
                close.stream()
                        .map(layer -> text("analysis.trust.layer", layer, NumberTexts.share(selected.get(layer))))
                        .collect(Collectors.joining(", ")));
    }

    private static String byIntervals(Uncertainty uncertainty, List<Integer> in, List<Integer> out) {
        List<Integer> mayLeave = in.stream()
                .filter(layer -> out.stream().anyMatch(other -> overlap(uncertainty, layer, other)))
                .toList();
        List<Integer> mayCome = out.stream()
                .filter(layer -> in.stream().anyMatch(other -> overlap(uncertainty, layer, other)))
                .toList();
        if (mayLeave.isEmpty()) {
            return text("analysis.trust.sure");
        }
        return mayLeave.size() == 1 && mayCome.size() == 1
                ? text("analysis.trust.pair", mayLeave.get(0), mayCome.get(0))
                : text(
                        "analysis.trust.several",
                        NumberTexts.layers(mayLeave),
                        NumberTexts.layers(mayCome),
                        mayLeave.size());
    }

    /**
     * Returns the layers that have an interval and are not locked.
     *
     * @param selected true for selected layers, false for the others
     */
    private static List<Integer> free(LayerSelection selection, Uncertainty uncertainty, boolean selected) {
        return IntStream.range(0, selection.of())
                .boxed()
                .filter(layer -> selection.contains(layer) == selected)
                .filter(layer -> !selection.reason().locks().always().contains(layer)
                        && !selection.reason().locks().never().contains(layer))
                .filter(layer -> uncertainty.interval(layer).isPresent())
                .toList();
    }

    private static boolean overlap(Uncertainty uncertainty, int one, int other) {
        Optional<Interval> a = uncertainty.interval(one);
        Optional<Interval> b = uncertainty.interval(other);
        return a.isPresent()
                && b.isPresent()
                && a.get().low() <= b.get().high()
                && b.get().low() <= a.get().high();
    }
}
