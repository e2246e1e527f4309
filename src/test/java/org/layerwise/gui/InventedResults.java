package org.layerwise.gui;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.IntervalKind;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.analysis.uncertainty.UnrelatedSimilarity;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.study.analysis.MeasureResult;

/** Results of measures for tests of the window: invented, plausible, the same each time. */
final class InventedResults {

    private static final int SAMPLES = 512;

    private InventedResults() {}

    /** What a measure says; measures differ a little, those from gradients have no matrix. */
    static MeasureResult of(Measure measure, SimilarityMatrix whole, AnalysisSettings settings) {
        SimilarityMatrix similarity = measure.isSimilarity() ? bent(whole, measure.ordinal() + place(settings)) : null;
        LayerImportance importance = similarity == null ? scores(whole, measure) : LayerImportance.of(similarity);
        return new MeasureResult(
                measure,
                similarity,
                importance,
                settings.bootstrap() == 0 ? null : uncertainty(importance, settings),
                settings.permutations() == 0 || similarity == null ? null : baseline(importance, settings));
    }

    private static int place(AnalysisSettings settings) {
        return settings.position() == null ? 0 : settings.position().ordinal() + 1;
    }

    private static SimilarityMatrix bent(SimilarityMatrix whole, int by) {
        List<List<Similarity>> rows = new ArrayList<>();
        for (int i = 0; i < whole.size(); i++) {
            List<Similarity> row = new ArrayList<>();
            for (int j = 0; j < whole.size(); j++) {
                OptionalDouble value = whole.value(i, j);
                double part = 1 - 0.02 * by * Math.abs(Math.sin(1.3 * (i + j) + by));
                row.add(
                        value.isPresent() && i != j
                                ? new Similarity.Value(value.getAsDouble() * part)
                                : whole.at(i, j));
            }
            rows.add(row);
        }
        return new SimilarityMatrix(rows);
    }

    private static LayerImportance scores(SimilarityMatrix whole, Measure measure) {
        return LayerImportance.ofScores(IntStream.range(0, whole.size() - 1)
                .mapToObj(layer -> (Similarity) new Similarity.Value(3 + 2 * Math.sin(layer * 1.1 + measure.ordinal())))
                .toList());
    }

    private static Uncertainty uncertainty(LayerImportance importance, AnalysisSettings settings) {
        List<Integer> ranking = importance.ranking(UndefinedLayers.EXCLUDE);
        int proposed = (int) Math.floor(settings.ratio() * importance.layers());
        List<@Nullable Interval> intervals = new ArrayList<>();
        List<Double> selected = new ArrayList<>();
        for (int layer = 0; layer < importance.layers(); layer++) {
            OptionalDouble value = importance.of(layer);
            intervals.add(
                    value.isPresent() ? new Interval(value.getAsDouble() - 0.02, value.getAsDouble() + 0.03) : null);
            int rank = ranking.indexOf(layer);
            selected.add(rank < 0 ? 0.0 : 1 / (1 + Math.exp((rank - proposed + 0.5) * 1.4)));
        }
        List<Uncertainty.OverlapAt> curve = IntStream.of(16, 32, 64, 128, 256, SAMPLES)
                .mapToObj(samples -> new Uncertainty.OverlapAt(
                        samples,
                        1 - 2.2 / Math.sqrt(samples) + 2.2 / Math.sqrt(SAMPLES),
                        1 - 4.0 / Math.sqrt(samples) + 4.0 / Math.sqrt(SAMPLES),
                        1))
                .toList();
        return new Uncertainty(
                settings.bootstrap(), 0.95, settings.seed(), IntervalKind.DEBIASED, intervals, selected, 0.9, curve);
    }

    private static UnrelatedSimilarity baseline(LayerImportance importance, AnalysisSettings settings) {
        List<UnrelatedSimilarity.@Nullable Level> levels = new ArrayList<>();
        for (int layer = 0; layer < importance.layers(); layer++) {
            levels.add(importance.of(layer).isPresent() ? new UnrelatedSimilarity.Level(0.41, 0.44) : null);
        }
        return new UnrelatedSimilarity(settings.permutations(), settings.seed(), levels);
    }
}
