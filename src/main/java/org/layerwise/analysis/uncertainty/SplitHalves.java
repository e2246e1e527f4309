package org.layerwise.analysis.uncertainty;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Grams;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMeasure;
import org.layerwise.analysis.agreement.RankCorrelation;
import org.layerwise.analysis.similarity.GramMeasure;
import org.layerwise.base.Progress;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.TensorEngine;

/**
 * Estimates the {@link Reliability} of a ranking: the rows are split into two random halves several times, the measure is computed from
 * each half as if there were no other rows, and the Spearman correlations of the two importances are averaged. No model is run: the
 * halves come from the Gram matrices, the representations, or the contributions of each row. Of an odd number of rows, a random one is
 * left out of each split.
 *
 * @param engine engine of the measures' computations
 * @param device device of the measures' computations
 * @param splits number of splits
 * @param seed seed of the splits
 */
public record SplitHalves(TensorEngine engine, Device device, int splits, long seed) {

    /** Usual number of splits. */
    public static final int SPLITS = 20;

    /** Minimum number of rows of a half; fewer show nothing about their variation. */
    public static final int FEWEST_ROWS = Bootstrap.FEWEST_SAMPLES / 2;

    /** Minimum number of layers with an importance; two have only two orders. */
    private static final int FEWEST_LAYERS = 3;

    /** Result of the splits. */
    public sealed interface Outcome {
        /** Successful result. */
        record Found(Reliability reliability) implements Outcome {}

        /** Missing result, with the reason in one sentence for the user. */
        record None(String reason) implements Outcome {}
    }

    /**
     * Data of all rows that a measure can be computed from again.
     *
     * @param grams Gram matrices of all rows; null if there are none
     * @param representations representations of all rows; null if there are none
     * @param contributions contribution of each row, for measures that are means; null if there are none
     */
    public record Material(
            @Nullable Grams grams,
            @Nullable Representations representations,
            @Nullable ExampleContributions contributions) {}

    /** Importance from some rows. */
    @FunctionalInterface
    private interface OfRows {
        LayerImportance of(int[] rows, Progress progress);
    }

    /**
     * Splits the rows.
     *
     * @param importance importance computed from all rows
     * @throws org.layerwise.base.CancelledException if the progress is cancelled
     */
    public Outcome run(
            Measure measure, MeasureOptions options, LayerImportance importance, Material material, Progress progress) {
        if (!measure.needsRows()) {
            return none(measure, "since it follows from the weights: there are no rows to split");
        }
        int n;
        int fewest = FEWEST_ROWS;
        OfRows ofRows;
        if (material.contributions() != null) {
            WeightedMean mean = new WeightedMean(material.contributions());
            n = mean.samples();
            ofRows = (rows, part) -> ofMean(mean, rows, part);
        } else if (measure.fromRepresentations() && (material.grams() != null || material.representations() != null)) {
            SimilarityMeasure computed = measure.with(options, engine);
            Grams grams = material.grams();
            Representations representations = material.representations();
            fewest = Math.max(fewest, computed.fewestSamples());
            if (grams != null && computed instanceof GramMeasure shared) {
                n = grams.samples();
                ofRows = (rows, part) -> LayerImportance.of(shared.allPairs(grams.rows(rows), part, partial -> {}));
            } else if (representations != null) {
                n = representations.samples();
                ofRows = (rows, part) -> computed.importance(representations.rows(rows), device, part);
            } else {
                return none(measure, "since the representations were not kept");
            }
        } else {
            return none(measure, "since what each row contributes was not kept");
        }
        if (n / 2 < fewest) {
            return none(measure, "since halves of %s rows need at least %s rows each".formatted(n, fewest));
        }
        long ranked = importance.all().stream().filter(value -> value != null).count();
        if (ranked < FEWEST_LAYERS) {
            return none(measure, "since only %s of its layers can be ranked".formatted(ranked));
        }
        return correlate(measure, n, ofRows, progress);
    }

    private Outcome correlate(Measure measure, int n, OfRows ofRows, Progress progress) {
        BootstrapDraws draws = new BootstrapDraws(n, seed);
        int half = n / 2;
        List<Double> found = new ArrayList<>();
        for (int split = 0; split < splits; split++) {
            progress.check();
            progress.report((double) split / splits, "Comparing split %s of %s".formatted(split + 1, splits));
            int[] order = draws.permutation();
            LayerImportance first = ofRows.of(sorted(order, 0, half), progress.silent());
            LayerImportance second = ofRows.of(sorted(order, half, 2 * half), progress.silent());
            RankCorrelation agreement = RankCorrelation.of(first, second);
            if (agreement.layers() >= FEWEST_LAYERS) {
                agreement.spearman().ifPresent(found::add);
            }
        }
        progress.report(1, "Compared all splits");
        if (found.size() < splits) {
            return none(
                    measure,
                    "since the layers cannot be ranked in %s of %s splits".formatted(splits - found.size(), splits));
        }
        double mean = found.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        return new Outcome.Found(Reliability.ofHalves(mean, splits, half, seed));
    }

    /** Returns rows in the order of the data, on which minibatches depend. */
    private static int[] sorted(int[] order, int from, int to) {
        int[] rows = Arrays.copyOfRange(order, from, to);
        Arrays.sort(rows);
        return rows;
    }

    private static LayerImportance ofMean(WeightedMean mean, int[] rows, Progress progress) {
        double[] weights = new double[mean.samples()];
        for (int row : rows) {
            weights[row] = 1;
        }
        return LayerImportance.ofScores(
                Arrays.stream(mean.importance(List.of(weights), progress).measured())
                        .map(layer -> Similarity.of(
                                Double.isFinite(layer[0]) ? layer[0] : null, "Undefined for these examples."))
                        .toList());
    }

    private static Outcome none(Measure measure, String why) {
        String noun = measure.title();
        return new Outcome.None("%s has no split-half reliability, %s."
                .formatted(noun.substring(0, 1).toUpperCase(Locale.ROOT) + noun.substring(1), why));
    }
}
