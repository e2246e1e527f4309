package org.layerwise.data;

import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** What the rows of a dataset are labelled with, in row order. */
public sealed interface Labels {

    /** The label of a token of which no loss is taken, as in HuggingFace and PyTorch. */
    long IGNORED = -100;

    /** Number of labelled rows; 0 where there are no labels. */
    int size();

    /** The label of a row for people; empty where there is none to show. */
    String text(int row);

    /** The labels of some rows, in the order that is given. */
    Labels select(int[] rows);

    /** How often each label occurs, in the order of the classes; empty where labels are not classes. */
    default Map<String, Integer> counts() {
        return Map.of();
    }

    /** No labels: enough to analyse a model, not to train it. */
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
     * A class a row.
     *
     * @param values index of the class of each row, from 0
     * @param names names of the classes by index; empty where the file holds whole numbers
     */
    record Classes(int[] values, List<String> names) implements Labels {
        public Classes {
            values = values.clone();
            names = List.copyOf(names);
            for (int value : values) {
                if (value < 0 || (!names.isEmpty() && value >= names.size())) {
                    throw new IllegalArgumentException("no such class: " + value);
                }
            }
        }

        /** A copy of the classes of all rows. */
        @Override
        public int[] values() {
            return values.clone();
        }

        /** The class of a row. */
        public int of(int row) {
            return values[row];
        }

        /** The number of classes: as many as names, else one more than the largest class. */
        public int count() {
            return names.isEmpty() ? Arrays.stream(values).max().orElse(-1) + 1 : names.size();
        }

        /**
         * The classes below {@link #count()} that no row has, ascending: numbers with gaps between them make a head with
         * outputs that never learn anything.
         */
        public List<Integer> unusedClasses() {
            BitSet used = new BitSet();
            Arrays.stream(values).forEach(used::set);
            return IntStream.range(0, count())
                    .filter(value -> !used.get(value))
                    .boxed()
                    .toList();
        }

        @Override
        public Labels select(int[] rows) {
            return new Classes(Arrays.stream(rows).map(row -> values[row]).toArray(), names);
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
     * A finite number a row, for regression.
     *
     * @param values the number of each row
     */
    record Numbers(double[] values) implements Labels {
        public Numbers {
            values = values.clone();
        }

        /** A copy of the numbers of all rows. */
        @Override
        public double[] values() {
            return values.clone();
        }

        /** The number of a row. */
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
     * A label for every token of every row, for causal language models.
     *
     * @param values the labels of each row, as many as it has tokens; {@link #IGNORED} where no loss is taken
     */
    record TokenLabels(long[][] values) implements Labels {
        public TokenLabels {
            values = copy(values);
        }

        /** A copy of the labels of all rows. */
        @Override
        public long[][] values() {
            return copy(values);
        }

        /** How many tokens of a row are predicted: those with a label, but the first, which has none before it. */
        public long predicted(int row) {
            return Arrays.stream(values[row])
                    .skip(1)
                    .filter(label -> label != IGNORED)
                    .count();
        }

        /** The labels of some rows as {@code [rows, length]} in row order, {@link #IGNORED} on the padding. */
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
