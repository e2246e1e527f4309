package org.layerwise.analysis.similarity;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;

/** Assembles matrices of similarities. */
final class SimilarityCells {

    private SimilarityCells() {}

    /** Returns the similarity of hidden state {@code row} of one side and {@code column} of the other. */
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

    /**
     * Returns the matrix of all pairs of one model, of which the first {@code known} hidden states are compared
     * already.
     */
    static SimilarityMatrix partial(int size, int known, Cell cell) {
        return matrix(size, size, (i, j) -> i < known && j < known ? cell.of(i, j) : SimilarityMatrix.PENDING);
    }

    /** Returns a cell that is undefined if its row, or else its column, has a reason, and otherwise the given cell. */
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

    /**
     * Returns {@code <i, j> / (|i| |j|)} for one model: 1 on the diagonal by definition, which rounding would miss by
     * an ulp.
     */
    static Similarity cosine(double[][] inner, int i, int j) {
        return i == j
                ? new Similarity.Value(1)
                : value(inner[i][j] / (Math.sqrt(inner[i][i]) * Math.sqrt(inner[j][j])));
    }

    /** Clamps a value, which can exceed the range -1 to 1 by rounding only, to that range. */
    static Similarity value(double value) {
        return new Similarity.Value(Math.max(-1, Math.min(1, value)));
    }
}
