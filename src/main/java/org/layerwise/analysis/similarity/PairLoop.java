package org.layerwise.analysis.similarity;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.Progress;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.TensorEngine;

/** Compares pairs one by one, for measures that need a factorization of each pair. */
record PairLoop(TensorEngine engine) {

    /**
     * Compared sides, with the reasons why single hidden states cannot be compared.
     *
     * @param ofOne true if both sides are the same model
     * @param mirrored true if the order of a pair does not matter, so that half of the pairs need no computation
     * @param consecutive true to compare each hidden state with the next one alone; the other pairs stay
     *     {@link SimilarityMatrix#PENDING}
     */
    record Sides(
            List<Similarity.@Nullable Undefined> rows,
            List<Similarity.@Nullable Undefined> columns,
            boolean ofOne,
            boolean mirrored,
            boolean consecutive) {

        /** Returns the sides for all pairs of one model. */
        static Sides ofOne(List<Similarity.@Nullable Undefined> states, boolean symmetric) {
            return new Sides(states, states, true, symmetric, false);
        }

        /** Returns the sides for each hidden state of a model with the next one. */
        static Sides consecutive(List<Similarity.@Nullable Undefined> states) {
            return new Sides(states, states, true, true, true);
        }

        /** Returns the sides for every hidden state of one model with every one of another. */
        static Sides ofTwo(List<Similarity.@Nullable Undefined> rows, List<Similarity.@Nullable Undefined> columns) {
            return new Sides(rows, columns, false, false, false);
        }
    }

    /**
     * Fills a matrix row by row; a scope must be open.
     *
     * @param row makes, for the hidden state of a row, the function that compares it with that of a column; its tensors
     *     live until the row is complete
     */
    SimilarityMatrix fill(
            Sides sides,
            IntFunction<IntFunction<Similarity>> row,
            Progress progress,
            Consumer<SimilarityMatrix> partial) {
        int rows = sides.rows().size();
        int columns = sides.columns().size();
        Similarity[][] cells = new Similarity[rows][columns];
        for (int i = 0; i < rows; i++) {
            progress.report((double) i / rows, "Comparing hidden state %s of %s".formatted(i, rows - 1));
            try (Scope scope = engine.scope()) {
                Similarity.Undefined reason = sides.rows().get(i);
                IntFunction<Similarity> values = reason == null ? row.apply(i) : j -> reason;
                for (int j = 0; j < columns; j++) {
                    if (sides.consecutive() && j != i + 1) {
                        continue;
                    }
                    progress.check();
                    cells[i][j] = sides.mirrored() && j < i ? cells[j][i] : cell(sides, i, j, values);
                }
            }
            partial.accept(matrix(cells, rows, columns));
        }
        progress.report(1, "Compared all hidden states");
        return matrix(cells, rows, columns);
    }

    private Similarity cell(Sides sides, int i, int j, IntFunction<Similarity> values) {
        Similarity.Undefined reason = sides.rows().get(i) != null
                ? sides.rows().get(i)
                : sides.columns().get(j);
        if (reason != null) {
            return reason;
        }
        if (i == j && sides.ofOne()) {
            return new Similarity.Value(1); // by definition; rounding would miss it by an ulp
        }
        try (Scope scope = engine.scope()) {
            return values.apply(j);
        }
    }

    private static SimilarityMatrix matrix(@Nullable Similarity[][] cells, int rows, int columns) {
        return SimilarityCells.matrix(rows, columns, (i, j) -> {
            Similarity cell = cells[i][j];
            return cell == null ? SimilarityMatrix.PENDING : cell;
        });
    }
}
