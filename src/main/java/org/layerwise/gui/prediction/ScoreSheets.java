package org.layerwise.gui.prediction;

import static org.layerwise.gui.common.Messages.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.common.MetricTexts;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.common.Sheet;
import org.layerwise.gui.common.Sheet.Cell;
import org.layerwise.gui.common.Sheet.Column;
import org.layerwise.gui.prediction.PredictionsViewModel.Shown;
import org.layerwise.run.uncertainty.MetricIntervals;
import org.layerwise.run.uncertainty.PairedTest;
import org.layerwise.study.evaluation.EvaluationJob.Measured;
import org.layerwise.training.ConfusionMatrix;
import org.layerwise.training.Evaluation;

/** Tables of the scores of predictions. */
final class ScoreSheets {

    private ScoreSheets() {}

    /** Returns the loss and the metrics with their intervals, and the differences to the other model if there is one. */
    static Sheet metrics(Shown shown) {
        Measured measured = shown.result().measured();
        Measured other = shown.result().other();
        List<Column> columns = new ArrayList<>(List.of(
                new Column(text("prediction.metric"), "metric", "", false),
                new Column(text("prediction.value"), "value", "", true),
                new Column(text("prediction.interval"), "interval", text("run.interval.tip"), false)));
        if (other != null) {
            columns.add(new Column(text("prediction.compared"), "other", text("prediction.compared.tip"), true));
            columns.add(
                    new Column(text("prediction.difference"), "difference", text("prediction.difference.tip"), true));
            columns.add(new Column(text("prediction.test"), "test", text("prediction.test.tip"), false));
        }
        List<List<Cell>> rows = new ArrayList<>();
        values(measured.evaluation()).forEach((name, value) -> {
            List<Cell> row = new ArrayList<>(List.of(
                    Cell.of(MetricTexts.name(name)), Cell.significant(value), interval(name, measured.evaluation())));
            if (other != null) {
                row.add(Cell.significant(values(other.evaluation()).get(name)));
                row.addAll(test(shown.result().tests().get(name)));
            }
            rows.add(row);
        });
        return new Sheet(columns, rows);
    }

    private static Map<String, Double> values(Evaluation evaluation) {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put(Evaluation.LOSS, evaluation.loss());
        values.putAll(evaluation.metrics());
        return values;
    }

    private static Cell interval(String metric, Evaluation evaluation) {
        return MetricIntervals.of(metric, evaluation)
                .map(MetricTexts::cell)
                .or(() -> MetricIntervals.without(metric, evaluation).map(Cell::of))
                .orElse(Cell.NONE);
    }

    private static List<Cell> test(@Nullable PairedTest test) {
        if (test == null) {
            return List.of(Cell.NONE, Cell.NONE);
        }
        Cell difference = Cell.significant(OptionalDouble.of(test.difference()));
        if (test.mcNemar() != null) {
            double p = test.mcNemar().p();
            return List.of(difference, Cell.of(text("prediction.p", NumberTexts.significant(p)), p));
        }
        return List.of(
                difference, test.interval() == null ? Cell.of(test.missing()) : MetricTexts.cell(test.interval()));
    }

    /** Returns the scores of each class; no columns for tasks other than classification. */
    static Sheet classes(Shown shown) {
        ConfusionMatrix matrix = shown.confusion().orElse(null);
        if (matrix == null) {
            return Sheet.empty();
        }
        Measured other = shown.result().other();
        ConfusionMatrix against = other == null ? null : other.details().confusion();
        List<String> names = shown.result().measured().details().classNames();
        List<Column> columns = new ArrayList<>(List.of(
                new Column(text("prediction.class"), "class", "", false),
                new Column(text("prediction.precision"), "precision", text("prediction.precision.tip"), true),
                new Column(text("prediction.recall"), "recall", text("prediction.recall.tip"), true),
                new Column(text("prediction.f1"), "f1", text("prediction.f1.tip"), true)));
        if (against != null) {
            columns.add(new Column(text("prediction.f1.other"), "f1_other", text("prediction.f1.other.tip"), true));
        }
        columns.add(new Column(text("prediction.support"), "rows", text("prediction.support.tip"), true));
        return new Sheet(
                columns,
                IntStream.range(0, matrix.classes())
                        .mapToObj(k -> row(names.get(k), k, matrix, against))
                        .toList());
    }

    private static List<Cell> row(String name, int k, ConfusionMatrix matrix, @Nullable ConfusionMatrix against) {
        List<Cell> row = new ArrayList<>(List.of(
                Cell.of(name),
                Cell.significant(matrix.precision(k)),
                Cell.significant(matrix.recall(k)),
                Cell.significant(matrix.f1(k))));
        if (against != null) {
            row.add(k < against.classes() ? Cell.significant(against.f1(k)) : Cell.NONE);
        }
        row.add(Cell.count((int) matrix.support(k)));
        return row;
    }
}
