package org.layerwise.gui.engine;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.layerwise.data.image.ImageSource;

/**
 * What people see of a dataset.
 *
 * @param name what it is called
 * @param location a file, or the name of a sample task
 * @param size rows that were read
 * @param pretokenized whether rows hold token ids instead of text
 * @param paired whether rows have a second text
 * @param columns names of the file's columns; empty where there are none to choose from
 * @param rows the first rows
 * @param labelCounts how often each label occurs; empty where there are no classes
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

    /** How many rows are kept to look at. */
    public static final int ROWS = 100;

    public DataPreview {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
        labelCounts = Collections.unmodifiableMap(new LinkedHashMap<>(labelCounts));
    }

    /** Without classes. */
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
     * One row.
     *
     * @param number in the file, from 1
     * @param text the text, or the token ids of a row that is already tokenised
     * @param image null where there are no images
     */
    public record Row(
            long number,
            String text,
            @Nullable String secondText,
            @Nullable String label,
            @Nullable ImageSource image) {

        /** A row without an image. */
        public Row(long number, String text, @Nullable String secondText, @Nullable String label) {
            this(number, text, secondText, label, null);
        }
    }
}
