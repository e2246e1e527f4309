package org.layerwise.chart.heatmap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.Decimals;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.FileErrors;

/**
 * CSV table of a heatmap, {@code similarity.csv}: a header {@code state,0,1,...,M} with the hidden states of the
 * columns, then one line per hidden state of the rows, which starts with the number of the state. Values are written
 * without loss of precision, with a decimal point; an undefined value is an empty field.
 */
public final class SimilarityCsv {

    private static final String CORNER = "state";

    /**
     * First cell of the header in files of versions before 1.0. The name was wrong: layer l is between two states, l
     * and l + 1.
     */
    private static final String OLD_CORNER = "layer";

    private SimilarityCsv() {}

    /** Writes the table to a file. */
    public static void write(Path file, SimilarityMatrix matrix) {
        AtomicFiles.writeString(file, text(matrix));
    }

    /** Returns the text that {@link #write} writes. Lines end with a line feed. */
    public static String text(SimilarityMatrix matrix) {
        StringBuilder text = new StringBuilder(CORNER);
        for (int j = 0; j < matrix.columns(); j++) {
            text.append(',').append(j);
        }
        for (int i = 0; i < matrix.rows(); i++) {
            text.append('\n').append(i);
            for (int j = 0; j < matrix.columns(); j++) {
                OptionalDouble value = matrix.value(i, j);
                text.append(',').append(value.isPresent() ? Decimals.shortest(value.getAsDouble()) : "");
            }
        }
        return text.append('\n').toString();
    }

    /**
     * Reads a file that {@link #write} wrote for one model.
     *
     * @throws UserException if the file is missing or holds no such table; the message names the file and the line
     */
    public static SimilarityMatrix read(Path file) {
        List<String> lines = lines(file);
        if (lines.isEmpty()) {
            throw new UserException("%s is empty; a table that starts with \"state,0,1\" is expected.".formatted(file));
        }
        int size = lines.size() - 1;
        List<String> header = cells(lines.get(0));
        List<String> expected = new ArrayList<>(List.of(CORNER));
        for (int j = 0; j < size; j++) {
            expected.add(String.valueOf(j));
        }
        if (header.get(0).equals(OLD_CORNER)) {
            header.set(0, CORNER);
        }
        if (!header.equals(expected)) {
            throw new UserException("%s starts with \"%s\"; with %s more lines, \"%s\" is expected."
                    .formatted(file, lines.get(0), size, String.join(",", expected)));
        }
        List<List<Similarity>> rows = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            rows.add(row(file, lines.get(i + 1), i, size));
        }
        return new SimilarityMatrix(rows);
    }

    private static List<Similarity> row(Path file, String line, int number, int size) {
        List<String> cells = cells(line);
        if (cells.size() != size + 1 || !cells.get(0).equals(String.valueOf(number))) {
            throw new UserException("Line %s of %s must hold \"%s\" and %s values, separated by commas."
                    .formatted(number + 2, file, number, size));
        }
        List<Similarity> row = new ArrayList<>();
        for (String cell : cells.subList(1, cells.size())) {
            row.add(
                    cell.isEmpty()
                            ? new Similarity.Undefined("The file holds no value for this pair.")
                            : value(file, number, cell));
        }
        return row;
    }

    private static Similarity value(Path file, int number, String cell) {
        try {
            double value = Double.parseDouble(cell);
            if (Double.isFinite(value)) {
                return new Similarity.Value(value);
            }
        } catch (NumberFormatException e) {
            throw notANumber(file, number, cell);
        }
        throw notANumber(file, number, cell);
    }

    private static UserException notANumber(Path file, int number, String cell) {
        return new UserException("Line %s of %s holds \"%s\"; a finite number or nothing is expected."
                .formatted(number + 2, file, cell));
    }

    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        for (String cell : line.split(",", -1)) {
            cells.add(cell.strip());
        }
        return cells;
    }

    private static List<String> lines(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(file, FileErrors.reason(e)), e);
        }
    }
}
