package org.layerwise.analysis.similarity;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;

/** Puts matrices of similarities together. */
final class Cells {

    private Cells() {}

    /** The similarity of hidden state {@code row} of one side and {@code column} of the other. */
    @FunctionalInterface
    interface Cell {
        Similarity of(int row, int column);
    }

    static SimilarityMatrix matrix(int rows, int columns, Cell cell) {
        List<List<Similarity>> all = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            List<Similarity> row = new ArrayList<>();
            for (int j = 0; j < columns; j++) {
                row.add(cell.of(i, j));
            }
            all.add(row);
        }
        return new SimilarityMatrix(all);
    }

    /** All pairs of one model, of which the first {@code known} hidden states are compared. */
    static SimilarityMatrix partial(int size, int known, Cell cell) {
        return matrix(size, size, (i, j) -> i < known && j < known ? cell.of(i, j) : SimilarityMatrix.PENDING);
    }

    /** Undefined for the first reason there is, or else the cell. */
    static Cell unless(
            IntFunction<Similarity.@Nullable Undefined> rowReason,
            IntFunction<Similarity.@Nullable Undefined> columnReason,
            Cell cell) {
        return (i, j) -> {
            Similarity.Undefined reason = rowReason.apply(i);
            if (reason == null) {
                reason = columnReason.apply(j);
            }
            return reason != null ? reason : cell.of(i, j);
        };
    }

    /** {@code <i, j> / (|i| |j|)} of one model: 1 on the diagonal by definition, which rounding would miss by an ulp. */
    static Similarity cosine(double[][] inner, int i, int j) {
        return i == j
                ? new Similarity.Value(1)
                : value(inner[i][j] / (Math.sqrt(inner[i][i]) * Math.sqrt(inner[j][j])));
    }

    /** A value that is at most 1 (and at least -1) but for rounding. */
    static Similarity value(double value) {
        return new Similarity.Value(Math.max(-1, Math.min(1, value)));
    }
}
