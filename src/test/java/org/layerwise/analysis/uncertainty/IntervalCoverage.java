package org.layerwise.analysis.uncertainty;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.layerwise.analysis.Grams;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.similarity.DebiasedCka;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.analysis.similarity.RbfCka;
import org.layerwise.base.Progress;

/** How often the interval holds the true value: its main gives numbers as the documentation of {@link Bootstrap} has them, from other data sets. */
final class IntervalCoverage {

    private static final GaussianLayers LAYERS = new GaussianLayers(96, 0.1, 0.3, 0.6, 1.5);
    static final int COUNT = 4;

    private IntervalCoverage() {}

    public static void main(String[] arguments) {
        for (Measure measure : List.of(LinearCka.MEASURE, DebiasedCka.MEASURE, RbfCka.MEASURE)) {
            double[] limit = limit(measure, 3000);
            for (int n : new int[] {32, 64, 128, 256}) {
                double[][] found = coverage(measure, n, 200, 500, limit);
                System.out.printf(
                        Locale.ROOT,
                        "%s n=%d holds the expected value: %s, the value of many examples: %s%n",
                        measure.id(),
                        n,
                        Arrays.toString(found[0]),
                        Arrays.toString(found[1]));
            }
        }
    }

    /** The importance that many examples give. */
    static double[] limit(Measure measure, int n) {
        return values(LAYERS.grams(n, new Random(1000)), measure);
    }

    /** The shares of data sets whose interval holds the mean over the data sets, and the limit, of each layer. */
    static double[][] coverage(Measure measure, int n, int sets, int replicates, double[] limit) {
        double[] mean = new double[COUNT];
        Interval[][] intervals = new Interval[sets][COUNT];
        for (int set = 0; set < sets; set++) {
            Grams grams = LAYERS.grams(n, new Random(77_777L * n + set));
            double[] values = values(grams, measure);
            LayerImportance importance = LayerImportance.ofScores(Arrays.stream(values)
                    .<Similarity>mapToObj(Similarity.Value::new)
                    .toList());
            Bootstrap bootstrap = Bootstrap.of(new Bootstrap.Settings(replicates, 2, UndefinedLayers.EXCLUDE, set));
            if (bootstrap.run(measure, MeasureOptions.DEFAULTS, importance, grams, null, Progress.none())
                    instanceof Bootstrap.Outcome.Found found) {
                for (int layer = 0; layer < COUNT; layer++) {
                    mean[layer] += values[layer] / sets;
                    intervals[set][layer] = found.uncertainty().interval(layer).orElseThrow();
                }
            }
        }
        return new double[][] {held(intervals, mean), held(intervals, limit)};
    }

    private static double[] held(Interval[][] intervals, double[] truth) {
        double[] held = new double[COUNT];
        for (Interval[] set : intervals) {
            for (int layer = 0; layer < COUNT; layer++) {
                boolean within = set[layer].low() <= truth[layer] && truth[layer] <= set[layer].high();
                held[layer] += (within ? 1.0 : 0.0) / intervals.length;
            }
        }
        return held;
    }

    /** The intervals that {@link Bootstrap} gives, without the selections and the smaller subsets that it also draws. */
    static List<Interval> intervals(
            Measure measure, Grams grams, LayerImportance importance, int replicates, long seed) {
        int n = grams.samples();
        WeightedCka statistic = new WeightedCka(
                n, CentredKernel.of(grams, measure, MeasureOptions.DEFAULTS), measure == DebiasedCka.MEASURE);
        LayerStatistic.Drawn drawn =
                statistic.importance(new BootstrapDraws(n, seed).withReplacement(replicates), Progress.none());
        return new Replicates(importance, drawn, UndefinedLayers.EXCLUDE, 1)
                .intervals(replicates, Bootstrap.LEVEL, IntervalKind.of(measure));
    }

    /** The importance of each layer from Grams. */
    static double[] values(Grams grams, Measure measure) {
        WeightedCka statistic = new WeightedCka(
                grams.samples(),
                CentredKernel.of(grams, measure, MeasureOptions.DEFAULTS),
                measure == DebiasedCka.MEASURE);
        double[][] found = statistic
                .importance(
                        List.of(DoubleStream.generate(() -> 1)
                                .limit(grams.samples())
                                .toArray()),
                        Progress.none())
                .measured();
        return Arrays.stream(found).mapToDouble(layer -> layer[0]).toArray();
    }
}
