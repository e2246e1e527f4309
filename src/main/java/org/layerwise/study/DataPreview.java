package org.layerwise.study;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.data.ColumnMapping;
import org.layerwise.data.Dataset;
import org.layerwise.data.Labels;
import org.layerwise.data.image.ImageSource;
import org.layerwise.settings.DataSettings;

/**
 * Preview of a dataset: its first rows and the number of rows by label.
 *
 * @param name name of the dataset
 * @param size number of rows that were read
 * @param pretokenized true if rows hold token ids instead of text
 * @param paired true if rows have a second text
 * @param columns names of the file's columns; empty if there is no choice of columns
 * @param used columns that the rows were read from
 * @param rows first rows, at most {@link #ROWS}
 * @param labelCounts number of rows by label; empty if there are no classes
 * @param labels labels of the rows that were read; none if they are labels of tokens
 */
public record DataPreview(
        String name,
        int size,
        boolean pretokenized,
        boolean paired,
        List<String> columns,
        ColumnMapping used,
        List<Row> rows,
        Map<String, Integer> labelCounts,
        Labels labels) {

    /** Maximum number of rows in a preview. */
    public static final int ROWS = 100;

    public DataPreview {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
        labelCounts = Collections.unmodifiableMap(new LinkedHashMap<>(labelCounts));
    }

    /**
     * Reads the rows that settings select.
     *
     * @throws org.layerwise.base.UserException if the file or a column is missing, or a row is broken
     */
    public static DataPreview read(Workbench workbench, DataSettings settings, Progress progress) {
        Dataset data = workbench.openData(settings, progress);
        return new DataPreview(
                data.name(),
                data.size(),
                data.pretokenized(),
                data.paired(),
                data.columns(),
                data.used(),
                IntStream.range(0, Math.min(data.size(), ROWS))
                        .mapToObj(row -> row(data, row))
                        .toList(),
                counts(settings, data),
                data.labels() instanceof Labels.TokenLabels ? new Labels.None() : data.labels());
    }

    private static Row row(Dataset data, int index) {
        Dataset.Row row = data.row(index);
        return new Row(
                data.number(index),
                row.text(),
                row.secondText(),
                row.label().isEmpty() ? null : row.label(),
                data.images() == null ? null : data.images().get(index));
    }

    /** Returns the number of rows by label. If the file has numbers, the labels are the class names of the preset. */
    private static Map<String, Integer> counts(DataSettings settings, Dataset data) {
        List<String> names =
                settings.preset() == null ? List.of() : settings.preset().classNames();
        Map<String, Integer> counts = new LinkedHashMap<>();
        data.labels().counts().forEach((label, count) -> {
            boolean number = label.matches("\\d{1,4}") && Integer.parseInt(label) < names.size();
            counts.put(number ? names.get(Integer.parseInt(label)) : label, count);
        });
        return counts;
    }

    /**
     * A row of a dataset.
     *
     * @param number number in the file, counted from 1
     * @param text text, or the token ids of a row that is already tokenized
     * @param image image; null if there are no images
     */
    public record Row(
            long number,
            String text,
            @Nullable String secondText,
            @Nullable String label,
            @Nullable ImageSource image) {}
}
