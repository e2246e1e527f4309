package org.layerwise.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;

/** Reads the table of a heatmap, as {@code similarity.csv}, in tests of written files. */
public final class SimilarityTable {

    private SimilarityTable() {}

    /** Returns the values of a file; an empty field is an undefined one. */
    public static SimilarityMatrix read(Path file) {
        try {
            return new SimilarityMatrix(Files.readAllLines(file).stream()
                    .skip(1)
                    .map(SimilarityTable::row)
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Similarity> row(String line) {
        return Arrays.stream(line.split(",", -1))
                .skip(1)
                .<Similarity>map(cell -> cell.isEmpty()
                        ? new Similarity.Undefined("empty")
                        : new Similarity.Value(Double.parseDouble(cell)))
                .toList();
    }
}
