package org.layerwise.gui.engine;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.layerwise.data.image.ImageSource;

/**
 * Preview of a dataset.
 *
 * @param name name of the dataset
 * @param location a file, or the name of a sample task
 * @param size number of rows that were read
 * @param pretokenized true if rows hold token ids instead of text
 * @param paired true if rows have a second text
 * @param columns names of the file's columns; empty if there is no choice of columns
 * @param rows first rows, at most {@link #ROWS}
 * @param labelCounts number of rows by label; empty if there are no classes
 */
public record DataPreview(
        String name,
        String location,
        int size,
        boolean pretokenized,
        boolean paired,
        List<String> columns,
        List<Row> rows,
        Map<String, Integer> labelCounts) {

    /** Maximum number of rows in a preview. */
    public static final int ROWS = 100;

    public DataPreview {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
        labelCounts = Collections.unmodifiableMap(new LinkedHashMap<>(labelCounts));
    }

    /** Creates a preview without classes. */
    public DataPreview(
            String name,
            String location,
            int size,
            boolean pretokenized,
            boolean paired,
            List<String> columns,
            List<Row> rows) {
        this(name, location, size, pretokenized, paired, columns, rows, Map.of());
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
            @Nullable ImageSource image) {

        /** Creates a row without an image. */
        public Row(long number, String text, @Nullable String secondText, @Nullable String label) {
            this(number, text, secondText, label, null);
        }
    }
}
