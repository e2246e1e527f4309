package org.layerwise.study.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.CsvText;
import org.layerwise.base.Decimals;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.json.Json;
import org.layerwise.data.Dataset;
import org.layerwise.study.evaluation.PredictedRow.Prediction;
import org.layerwise.training.TaskKind;

/**
 * Rows of some data with the predictions of one or two models, as the window shows them and files hold them.
 *
 * @param rows rows in the order of the data
 */
public record PredictedRows(TaskKind task, List<PredictedRow> rows) {

    /** Value of a row in files: a text, a number, or null for a missing value. */
    private record Column(String name, Function<PredictedRow, @Nullable Object> value) {}

    public PredictedRows {
        rows = List.copyOf(rows);
    }

    /**
     * Combines predictions.
     *
     * @param other predictions of the model that is compared with, for the same rows; null for none
     */
    static PredictedRows of(RowPredictions predictions, @Nullable RowPredictions other) {
        if (other != null && other.size() != predictions.size()) {
            throw new IllegalArgumentException("%s and %s rows".formatted(predictions.size(), other.size()));
        }
        return new PredictedRows(
                predictions.task(),
                IntStream.range(0, predictions.size())
                        .mapToObj(row -> row(predictions, other, row))
                        .toList());
    }

    private static PredictedRow row(RowPredictions predictions, @Nullable RowPredictions other, int row) {
        Dataset.Row of = predictions.rows().row(row);
        return new PredictedRow(
                row,
                predictions.rows().number(row),
                of.text(),
                of.secondText(),
                predictions.label(row),
                predictions.labelClass(row),
                Prediction.of(predictions, row),
                other == null ? null : Prediction.of(other, row));
    }

    /** Returns true if the rows have predictions of a second model. */
    public boolean compared() {
        return !rows.isEmpty() && rows.get(0).other() != null;
    }

    /** Returns the number of rows with a change. */
    public long count(RowChange change) {
        return rows.stream()
                .filter(row -> row.change().filter(change::equals).isPresent())
                .count();
    }

    /** Writes a CSV file (RFC 4180) with a header and all digits. */
    public void writeCsv(Path file) {
        List<Column> columns = columns();
        StringBuilder text = new StringBuilder();
        text.append(columns.stream().map(Column::name).collect(Collectors.joining(",")))
                .append('\n');
        for (PredictedRow row : rows) {
            text.append(columns.stream()
                            .map(column -> csv(column.value().apply(row)))
                            .collect(Collectors.joining(",")))
                    .append('\n');
        }
        AtomicFiles.writeString(file, text.toString());
    }

    private static String csv(@Nullable Object value) {
        if (value instanceof Double number) {
            return Double.isFinite(number) ? Decimals.shortest(number) : "";
        }
        return value == null ? "" : CsvText.quoted(value.toString());
    }

    /** Writes a file with a JSON object for each row, with the names of the columns of {@link #writeCsv}. */
    public void writeJsonLines(Path file) {
        List<Column> columns = columns();
        Json.writeLines(file, rows.stream().map(row -> {
            ObjectNode line = Json.object();
            columns.forEach(
                    column -> line.set(column.name(), json(column.value().apply(row))));
            return line;
        }));
    }

    private static JsonNode json(@Nullable Object value) {
        if (value == null || value instanceof Double number && !Double.isFinite(number)) {
            return NullNode.getInstance();
        }
        return Json.tree(value);
    }

    private List<Column> columns() {
        boolean classes = task == TaskKind.CLASSIFICATION;
        boolean labelled = task != TaskKind.CAUSAL_LM;
        List<Column> columns = new ArrayList<>();
        columns.add(new Column("row", PredictedRow::number));
        columns.add(new Column("text", PredictedRow::text));
        if (rows.stream().anyMatch(row -> row.secondText() != null)) {
            columns.add(new Column("second_text", PredictedRow::secondText));
        }
        if (labelled) {
            columns.add(new Column("label", PredictedRow::label));
        }
        add(columns, "", labelled, classes, PredictedRow::prediction);
        if (compared()) {
            add(columns, "other_", labelled, classes, PredictedRow::other);
            if (classes) {
                columns.add(new Column(
                        "change", row -> row.change().map(RowChange::id).orElse(null)));
            }
        }
        return columns;
    }

    private void add(
            List<Column> columns,
            String prefix,
            boolean labelled,
            boolean classes,
            Function<PredictedRow, @Nullable Prediction> of) {
        if (labelled) {
            columns.add(new Column(prefix + "predicted", value(of, Prediction::name)));
        }
        if (classes) {
            columns.add(new Column(prefix + "probability", value(of, Prediction::probability)));
        }
        columns.add(
                new Column(prefix + (task == TaskKind.REGRESSION ? "error" : "loss"), value(of, Prediction::error)));
    }

    private static Function<PredictedRow, @Nullable Object> value(
            Function<PredictedRow, @Nullable Prediction> of, Function<Prediction, Object> part) {
        return row -> Optional.ofNullable(of.apply(row)).map(part).orElse(null);
    }
}
