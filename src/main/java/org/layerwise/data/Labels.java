package org.layerwise.data;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Labels of the rows of a dataset, in row order. */
public sealed interface Labels {

    /** Label of a token without a loss, as in HuggingFace and PyTorch. */
    long IGNORED = -100;

    /** Form of a label that is a number; {@code 1d} and {@code 0x1} are names. */
    Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

    /** Returns the number of labelled rows; 0 if there are no labels. */
    int size();

    /** Returns the label of a row as shown to users; empty if there is none to show. */
    String text(int row);

    /** Returns the labels of some rows, in the given order. */
    Labels select(int[] rows);

    /** Returns the number of rows per label, in the order of the classes; empty if labels are not classes. */
    default Map<String, Integer> counts() {
        return Map.of();
    }

    /** Absence of labels: sufficient for the analysis of a model, but not for training. */
    record None() implements Labels {
        @Override
        public Labels select(int[] rows) {
            return this;
        }

        @Override
        public int size() {
            return 0;
        }

        @Override
        public String text(int row) {
            return "";
        }
    }

    /**
     * Labels with one class per row.
     *
     * @param values index of the class of each row, from 0
     * @param names names of the classes by index; empty if the file contains whole numbers without names
     * @param numbered true if the rows are labelled by the indices of the names, and not by the names
     */
    record Classes(int[] values, List<String> names, boolean numbered) implements Labels {
        public Classes {
            values = values.clone();
            names = List.copyOf(names);
            for (int value : values) {
                if (value < 0 || (!names.isEmpty() && value >= names.size())) {
                    throw new IllegalArgumentException("no such class: " + value);
                }
            }
        }

        /** Creates classes of rows that are labelled by the names, or by whole numbers if there are no names. */
        public Classes(int[] values, List<String> names) {
            this(values, names, names.isEmpty());
        }

        /** Returns a copy of the classes of all rows. */
        @Override
        public int[] values() {
            return values.clone();
        }

        /** Returns the class of a row. */
        public int of(int row) {
            return values[row];
        }

        /**
         * Returns the number of classes: the number of names, or one more than the largest class if there are no names.
         */
        public int count() {
            return names.isEmpty() ? Arrays.stream(values).max().orElse(-1) + 1 : names.size();
        }

        @Override
        public Labels select(int[] rows) {
            return new Classes(Arrays.stream(rows).map(row -> values[row]).toArray(), names, numbered);
        }

        @Override
        public int size() {
            return values.length;
        }

        @Override
        public String text(int row) {
            return nameOf(values[row]);
        }

        @Override
        public Map<String, Integer> counts() {
            Map<Integer, Integer> byClass = new TreeMap<>();
            for (int value : values) {
                byClass.merge(value, 1, Integer::sum);
            }
            Map<String, Integer> byName = new LinkedHashMap<>();
            byClass.forEach((value, count) -> byName.put(nameOf(value), count));
            return byName;
        }

        private String nameOf(int value) {
            return names.isEmpty() ? Integer.toString(value) : names.get(value);
        }
    }

    /**
     * Labels with one finite number per row, for regression.
     *
     * @param values the number of each row
     */
    record Numbers(double[] values) implements Labels {
        public Numbers {
            values = values.clone();
        }

        /** Returns a copy of the numbers of all rows. */
        @Override
        public double[] values() {
            return values.clone();
        }

        /** Returns the number of a row. */
        public double of(int row) {
            return values[row];
        }

        @Override
        public Labels select(int[] rows) {
            return new Numbers(
                    Arrays.stream(rows).mapToDouble(row -> values[row]).toArray());
        }

        @Override
        public int size() {
            return values.length;
        }

        @Override
        public String text(int row) {
            return Double.toString(values[row]);
        }
    }

    /**
     * Labels of every token of every row, for causal language models.
     *
     * @param values the labels of each row, one per token; {@link #IGNORED} for tokens without a loss
     */
    record TokenLabels(long[][] values) implements Labels {
        public TokenLabels {
            values = copy(values);
        }

        /** Returns a copy of the labels of all rows. */
        @Override
        public long[][] values() {
            return copy(values);
        }

        /**
         * Returns the number of predicted tokens of a row: all tokens with a label except the first token, which no
         * token precedes.
         */
        public long predicted(int row) {
            return Arrays.stream(values[row])
                    .skip(1)
                    .filter(label -> label != IGNORED)
                    .count();
        }

        /**
         * Returns the labels of some rows as {@code [rows, length]} in row order, with {@link #IGNORED} for the
         * padding.
         */
        public long[] padded(int[] rows, int length) {
            long[] padded = new long[Math.multiplyExact(rows.length, length)];
            Arrays.fill(padded, IGNORED);
            for (int i = 0; i < rows.length; i++) {
                long[] row = values[rows[i]];
                System.arraycopy(row, 0, padded, i * length, row.length);
            }
            return padded;
        }

        @Override
        public Labels select(int[] rows) {
            return new TokenLabels(
                    Arrays.stream(rows).mapToObj(row -> values[row]).toArray(long[][]::new));
        }

        @Override
        public int size() {
            return values.length;
        }

        @Override
        public String text(int row) {
            return "";
        }

        private static long[][] copy(long[][] rows) {
            return Arrays.stream(rows).map(long[]::clone).toArray(long[][]::new);
        }
    }
}
