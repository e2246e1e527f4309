package org.layerwise.cli.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.layerwise.base.PlainText;
import org.layerwise.base.json.Json;
import org.layerwise.cli.console.TextTable;
import org.layerwise.run.uncertainty.MetricIntervals;
import org.layerwise.study.evaluation.EvaluationDetails;
import org.layerwise.study.evaluation.EvaluationJob;
import org.layerwise.training.ConfusionMatrix;
import org.layerwise.training.Evaluation;
import org.layerwise.training.TaskKind;

/** Formats an evaluation as lines of text for people, and as one line of JSON for programs. */
public final class EvaluationReport {

    /** Maximum number of classes of a printed confusion matrix; a larger matrix would not fit into a line. */
    private static final int MOST_MATRIX_CLASSES = 10;

    private static final int MOST_CLASS_ROWS = 20;
    private static final int MOST_TEXT = 60;
    private static final int MOST_NAME = 16;

    private EvaluationReport() {}

    /** Returns the metrics, and those of MNLI's mismatched rows if they were measured. */
    public static String json(EvaluationJob.Result result) {
        ObjectNode line = tree(result.measured());
        if (!result.measured().taskMetrics().isEmpty()) {
            line.set("task_metrics", Json.tree(result.measured().taskMetrics()));
        }
        if (result.mismatched() != null) {
            line.set("mismatched", tree(result.mismatched()));
        }
        if (!result.remarks().isEmpty()) {
            line.set("remarks", Json.tree(result.remarks()));
        }
        return Json.line(line);
    }

    private static ObjectNode tree(EvaluationJob.Measured measured) {
        ObjectNode tree = EvaluationLine.tree(measured.evaluation());
        measured.intervals().put(tree);
        return tree;
    }

    public static List<String> lines(EvaluationJob.Result result) {
        List<String> lines = new ArrayList<>(lines(result.measured()));
        if (result.mismatched() != null) {
            lines.add("");
            lines.add("Mismatched:");
            lines.addAll(lines(result.mismatched()));
        }
        return lines;
    }

    private static List<String> lines(EvaluationJob.Measured measured) {
        List<String> lines = new ArrayList<>(metrics(measured));
        EvaluationDetails details = measured.details();
        ConfusionMatrix confusion = details.confusion();
        if (confusion != null) {
            lines.add("");
            lines.addAll(matrix(confusion, details.classNames()));
            lines.add("");
            lines.addAll(classes(confusion, details.classNames()));
        }
        if (!details.worst().isEmpty()) {
            lines.add("");
            lines.addAll(worst(details.worst(), measured.task()));
        }
        return lines;
    }

    /** Returns the table of metrics. The standard metrics of the task are marked with a star. */
    private static List<String> metrics(EvaluationJob.Measured measured) {
        TextTable table = TextTable.of("Metric", ">Value", "95 % interval");
        table.row(
                starred(Evaluation.LOSS, measured),
                decimal(measured.evaluation().loss()),
                interval(Evaluation.LOSS, measured));
        measured.evaluation()
                .metrics()
                .forEach((name, value) -> table.row(starred(name, measured), decimal(value), interval(name, measured)));
        List<String> lines = new ArrayList<>(table.lines());
        if (!measured.taskMetrics().isEmpty()) {
            lines.add("* what models are measured by on this task");
        }
        lines.add(MetricIntervals.note());
        return lines;
    }

    private static String interval(String metric, EvaluationJob.Measured measured) {
        return MetricIntervals.words(metric, measured.evaluation(), EvaluationReport::decimal)
                .orElse("");
    }

    private static String starred(String metric, EvaluationJob.Measured measured) {
        return measured.taskMetrics().contains(metric) ? metric + " *" : metric;
    }

    private static List<String> matrix(ConfusionMatrix confusion, List<String> names) {
        if (confusion.classes() > MOST_MATRIX_CLASSES) {
            return List.of(
                    "The confusion matrix of %s classes is in the file of --out.".formatted(confusion.classes()));
        }
        List<String> headings = new ArrayList<>(List.of("Label \\ predicted"));
        names.forEach(name -> headings.add(">" + cut(name, MOST_NAME)));
        TextTable table = TextTable.of(headings.toArray(String[]::new));
        for (int label = 0; label < confusion.classes(); label++) {
            List<String> cells = new ArrayList<>(List.of(cut(names.get(label), MOST_NAME)));
            for (int predicted = 0; predicted < confusion.classes(); predicted++) {
                cells.add(String.valueOf(confusion.count(label, predicted)));
            }
            table.row(cells.toArray(String[]::new));
        }
        return table.lines();
    }

    /** Returns the table of all classes; if there are many, only those with the lowest F1. */
    private static List<String> classes(ConfusionMatrix confusion, List<String> names) {
        TextTable table = TextTable.of("Class", ">Precision", ">Recall", ">F1", ">Rows", ">Predicted");
        boolean all = confusion.classes() <= MOST_CLASS_ROWS;
        IntStream.range(0, confusion.classes())
                .boxed()
                .sorted(all ? Comparator.naturalOrder() : Comparator.comparingDouble(confusion::f1))
                .limit(MOST_CLASS_ROWS)
                .forEach(k -> table.row(
                        cut(names.get(k), MOST_TEXT),
                        decimal(confusion.precision(k)),
                        decimal(confusion.recall(k)),
                        decimal(confusion.f1(k)),
                        String.valueOf(confusion.support(k)),
                        String.valueOf(confusion.predicted(k))));
        if (!all) {
            table.note("The %s classes with the lowest F1 of %s.".formatted(MOST_CLASS_ROWS, confusion.classes()));
        }
        return table.lines();
    }

    private static List<String> worst(List<EvaluationDetails.WorstRow> rows, TaskKind task) {
        boolean labelled = task != TaskKind.CAUSAL_LM;
        String error = task == TaskKind.REGRESSION ? ">Error" : ">Loss";
        TextTable table = labelled
                ? TextTable.of(">Row", error, "Label", "Predicted", "Worst rows")
                : TextTable.of(">Row", error, "Worst rows");
        for (EvaluationDetails.WorstRow row : rows) {
            List<String> cells = new ArrayList<>(List.of(String.valueOf(row.row()), decimal(row.error())));
            if (labelled) {
                cells.add(cut(row.label(), MOST_NAME));
                cells.add(cut(row.predicted(), MOST_NAME));
            }
            cells.add(cut(row.text(), MOST_TEXT));
            table.row(cells.toArray(String[]::new));
        }
        return table.lines();
    }

    private static String decimal(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.4f", value) : String.valueOf(value);
    }

    private static String cut(String text, int most) {
        String line = PlainText.line(text);
        return line.codePointCount(0, line.length()) <= most
                ? line
                : line.substring(0, line.offsetByCodePoints(0, most - 1)) + "…";
    }
}
