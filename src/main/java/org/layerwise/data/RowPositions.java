package org.layerwise.data;

import java.util.Arrays;
import java.util.List;

/** Positions of the rows of a dataset in its files, so that messages can name rows as users find them. */
public final class RowPositions {

    private final List<String> files;
    private final int[] fileOf;
    private final long[] numbers;

    private RowPositions(List<String> files, int[] fileOf, long[] numbers) {
        this.files = List.copyOf(files);
        this.fileOf = fileOf;
        this.numbers = numbers;
    }

    /** Creates positions of rows with the numbers 1, 2, 3 and so on of one file or task. */
    public static RowPositions counted(String location) {
        return new RowPositions(List.of(location), new int[0], new long[0]);
    }

    /**
     * Creates positions of rows of several files.
     *
     * @param fileOf index of each row's file
     * @param numbers each row's number in its file, from 1
     */
    public static RowPositions of(List<String> files, int[] fileOf, long[] numbers) {
        return new RowPositions(files, fileOf.clone(), numbers.clone());
    }

    /** Returns the position of a row: {@code row 5 of data.tsv}. */
    public String of(int row) {
        return "row %s of %s".formatted(number(row), files.get(row < fileOf.length ? fileOf[row] : 0));
    }

    /** Returns the position of a row for the beginning of a sentence: {@code Row 5 of data.tsv}. */
    public String at(int row) {
        return "R" + of(row).substring(1);
    }

    /** Returns the number of a row in its file, from 1. */
    public long number(int row) {
        return row < numbers.length ? numbers[row] : row + 1L;
    }

    /** Returns the positions of some of the rows. */
    public RowPositions select(int[] rows) {
        return new RowPositions(
                files,
                Arrays.stream(rows)
                        .map(row -> row < fileOf.length ? fileOf[row] : 0)
                        .toArray(),
                Arrays.stream(rows).mapToLong(this::number).toArray());
    }
}
