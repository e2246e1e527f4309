package org.layerwise.gui.analysis;

import static org.layerwise.gui.common.Messages.text;

import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.analysis.uncertainty.UnrelatedSimilarity;
import org.layerwise.gui.analysis.AnalysisViewModel.Cell;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.selection.SelectionShares;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.MeasureResult;

/** Texts of an analysis, and of the cells and bars of its charts. */
final class AnalysisTexts {

    private AnalysisTexts() {}

    /** Returns one line of facts about an analysis. */
    static String facts(AnalysisEntry entry) {
        Analysis analysis = entry.analysis();
        String time = NumberTexts.duration(analysis.seconds());
        if (!analysis.hasRows()) {
            return text("analysis.facts.weights", entry.task(), time);
        }
        String line = text(
                "analysis.facts",
                entry.task(),
                NumberTexts.exact(analysis.samples()),
                Optional.ofNullable(analysis.position())
                        .map(found -> text("position." + found.id()))
                        .orElse(text("position.unknown")),
                time);
        return analysis.cutRows() == 0
                ? line
                : line + text("analysis.facts.cut", NumberTexts.exact(analysis.cutRows()));
    }

    static String cell(SimilarityMatrix matrix, Measure measure, Cell cell) {
        int from = from(measure, cell);
        int to = to(measure, cell);
        String key = to == from + 1 ? "analysis.pair.layer" : "analysis.pair";
        String pair = to == from + 1
                ? text(ordered(key, measure), from)
                : text(ordered(key, measure), state(from), state(to));
        return value(pair, matrix, measure, cell);
    }

    static String details(
            SimilarityMatrix matrix,
            Measure measure,
            @Nullable MeasureResult result,
            @Nullable SelectionShares shares,
            Cell cell) {
        int from = from(measure, cell);
        int to = to(measure, cell);
        String pair = text(ordered("analysis.pair", measure), state(from), state(to));
        String line = value(pair, matrix, measure, cell);
        if (to != from + 1 || result == null) {
            return line;
        }
        OptionalDouble importance = result.importance().of(from);
        if (importance.isPresent()) {
            line += text("analysis.detail.importance", from, String.valueOf(importance.getAsDouble()));
        }
        return line + trust(result, shares, from) + unrelated(result, from);
    }

    /** Returns the layer that takes in one state of a pair and gives the other; null if there is none. */
    static @Nullable Integer layer(Measure measure, Cell cell) {
        return to(measure, cell) == from(measure, cell) + 1 ? (Integer) from(measure, cell) : null;
    }

    /** Returns the state to name first: the row if the order of the pair matters, otherwise the smaller number. */
    private static int from(Measure measure, Cell cell) {
        return measure.isSymmetric() ? Math.min(cell.i(), cell.j()) : cell.i();
    }

    private static int to(Measure measure, Cell cell) {
        return measure.isSymmetric() ? Math.max(cell.i(), cell.j()) : cell.j();
    }

    private static String ordered(String key, Measure measure) {
        return measure.isSymmetric() ? key : key + ".ordered";
    }

    static String layer(
            MeasureResult result, @Nullable SelectionShares shares, int layer, String state, boolean hardlyVaries) {
        LayerImportance importance = result.importance();
        OptionalDouble value = importance.of(layer);
        if (value.isEmpty()) {
            return text(
                    "analysis.layer.undefined", layer, importance.reason(layer).orElse(""), state);
        }
        String exact = String.valueOf(value.getAsDouble());
        String line = importance.ofSimilarity()
                ? text("analysis.layer", layer, exact, state)
                : text(
                        "analysis.layer.score",
                        layer,
                        exact,
                        state,
                        result.measure().shortName());
        return hardlyVaries ? line + text("analysis.layer.first.last") : line + trust(result, shares, layer);
    }

    private static String value(String pair, SimilarityMatrix matrix, Measure measure, Cell cell) {
        return matrix.at(cell.i(), cell.j()) instanceof Similarity.Value value
                ? text("analysis.cell", pair, String.valueOf(value.value()), measure.shortName())
                : text(
                        "analysis.cell.undefined",
                        pair,
                        ((Similarity.Undefined) matrix.at(cell.i(), cell.j())).reason());
    }

    private static String trust(MeasureResult result, @Nullable SelectionShares shares, int layer) {
        Uncertainty uncertainty = result.uncertainty();
        Optional<Interval> interval = uncertainty == null ? Optional.empty() : uncertainty.interval(layer);
        return uncertainty == null || interval.isEmpty() || shares == null
                ? ""
                : text(
                        "analysis.detail.interval",
                        NumberTexts.percent(uncertainty.level()),
                        NumberTexts.significant(interval.get().low()),
                        NumberTexts.significant(interval.get().high()),
                        NumberTexts.share(shares.shares().get(layer)),
                        uncertainty.kind().scope(),
                        shares.words());
    }

    private static String unrelated(MeasureResult result, int layer) {
        UnrelatedSimilarity baseline = result.baseline();
        return baseline == null
                ? ""
                : baseline.of(layer)
                        .map(level -> text("analysis.detail.unrelated", NumberTexts.significant(level.mean())))
                        .orElse("");
    }

    private static String state(int index) {
        return index == 0 ? text("analysis.embedding") : text("analysis.output", index, index - 1);
    }
}
