package org.layerwise.study.analysis;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.stream.IntStream;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.uncertainty.Reliability;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.base.Decimals;
import org.layerwise.selection.LayerList;
import org.layerwise.selection.LayerLocks;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.SelectionRule;
import org.layerwise.selection.SelectionShares;
import org.layerwise.study.report.MethodsParagraph;
import org.layerwise.study.report.Papers;

/**
 * Sentences of a methods paragraph on a selection and its stability.
 *
 * @param result result of the measure that the selection follows
 * @param selection selection of layers of the analyzed model
 */
record SelectionMethods(Analysis analysis, MeasureResult result, LayerSelection selection) {

    /** Adds the sentences on the rule, the locks, the layers and those without importance. */
    void selection(MethodsParagraph prose) {
        prose.say(
                "%s: %s of %d%s.",
                rule(prose),
                MethodsParagraph.count(selection.layers().size(), "layer"),
                selection.of(),
                selection.layers().isEmpty() ? "" : ", counted from 0: " + LayerList.format(selection.layers()));
        LayerLocks locks = selection.reason().locks();
        if (!locks.always().isEmpty()) {
            prose.say("%s selected in any case.", were(locks.always()));
        }
        if (!locks.never().isEmpty()) {
            prose.say("%s left out in any case.", were(locks.never()));
        }
        undefined(prose);
    }

    private String rule(MethodsParagraph prose) {
        SelectionRule rule = selection.reason().rule();
        if (rule instanceof SelectionRule.ByHand) {
            return "The layers were selected by hand";
        }
        if (rule instanceof SelectionRule.OfKind of) {
            return "All layers of one kind (%s) were selected"
                    .formatted(of.kind().title());
        }
        if (rule instanceof SelectionRule.LastLayers last) {
            return last.n() == 1
                    ? "The last layer was selected"
                    : "The last %s layers were selected".formatted(last.n());
        }
        String by = "By " + result.measure().title();
        if (rule instanceof SelectionRule.TopRatio top) {
            return by
                    + ", the most important share of %s of the layers was selected %s"
                            .formatted(Decimals.plain(top.ratio()), prose.cite(Papers.METHOD));
        }
        if (rule instanceof SelectionRule.TopN top) {
            return by
                    + (top.n() == 1
                            ? ", the most important layer was selected"
                            : ", the %s most important layers were selected".formatted(top.n()));
        }
        return by + ", the layers with an %s were selected".formatted(rule.words());
    }

    private static String were(SortedSet<Integer> layers) {
        return (layers.size() == 1 ? "Layer %s was" : "Layers %s were").formatted(LayerList.format(layers));
    }

    private void undefined(MethodsParagraph prose) {
        LayerImportance importance = result.importance();
        List<Integer> undefined = IntStream.range(0, importance.layers())
                .filter(layer -> importance.of(layer).isEmpty())
                .boxed()
                .toList();
        if (undefined.isEmpty() || selection.reason().rule() instanceof SelectionRule.Named) {
            return;
        }
        prose.say(
                "The importance of %s %s is undefined; %s.",
                undefined.size() == 1 ? "layer" : "the layers",
                LayerList.format(undefined),
                selection.reason().undefined() == UndefinedLayers.EXCLUDE
                        ? "such layers were left out of the ranking"
                        : "such layers were ranked first");
    }

    /** Returns the mean share of the selected layers that a resample also selects. */
    private double mean(List<Double> shares) {
        return selection.layers().stream().mapToDouble(shares::get).average().orElseThrow();
    }

    /** Adds the sentences on the resampling and on unrelated data, if the analysis has them. */
    void trust(MethodsParagraph prose) {
        Uncertainty uncertainty = result.uncertainty();
        if (uncertainty != null) {
            Optional<SelectionShares> shares = analysis.shares(result, selection)
                    .filter(found -> found.reason().equals(selection.reason()));
            boolean drawn = shares.isPresent() && !selection.layers().isEmpty();
            OptionalInt first = drawn ? shares.get().first() : OptionalInt.empty();
            prose.say(
                    "Over %s%s of the examples (%s; seed %d), a replicate selects on average %s of the %s.",
                    first.isPresent() ? "the first %s of ".formatted(first.getAsInt()) : "",
                    MethodsParagraph.count(uncertainty.replicates(), "bootstrap replicate"),
                    Papers.BOOTSTRAP.shortForm(),
                    uncertainty.seed(),
                    MethodsParagraph.result(drawn ? mean(shares.get().shares()) : uncertainty.expectedOverlap()),
                    drawn
                            ? "selected layers"
                            : "layers that a share of %s alone selects"
                                    .formatted(
                                            Decimals.plain(analysis.settings().ratio())));
            prose.cite(Papers.BOOTSTRAP);
            prose.say("%s", uncertainty.kind().note());
        }
        Reliability reliability = result.reliability();
        if (reliability != null) {
            prose.say(
                    "The split-half reliability of the ranking is %s %s: the mean Spearman correlation of %s of the"
                            + " examples (%s rows a half; seed %d), stepped up to all examples.",
                    MethodsParagraph.result(reliability.value()),
                    prose.cite(Reliability.PAPER),
                    MethodsParagraph.count(reliability.splits(), "random split"),
                    reliability.rows(),
                    reliability.seed());
        }
        if (result.baseline() != null) {
            prose.say(
                    "What unrelated data would give was estimated from %s of the examples (seed %d).",
                    MethodsParagraph.count(result.baseline().permutations(), "permutation"),
                    result.baseline().seed());
        }
    }
}
