package org.layerwise.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Similarity of every pair of representations {@code R_0 .. R_M} of one model, (M+1) x (M+1), or of those of two
 * models. Index 0 is the output of the embedding, index i the output of layer i-1 (0-based), as in HuggingFace's
 * {@code hidden_states}. The matrix of one model is symmetric for all measures except PWCCA.
 */
public final class SimilarityMatrix {

    /** Content of a cell before it is computed. */
    public static final Similarity.Undefined PENDING = new Similarity.Undefined("Not computed yet.");

    private final List<List<Similarity>> rows;

    /**
     * Creates a matrix.
     *
     * @param rows the full matrix
     * @throws IllegalArgumentException if the rows differ in length
     */
    public SimilarityMatrix(List<List<Similarity>> rows) {
        List<List<Similarity>> copy = new ArrayList<>();
        for (List<Similarity> row : rows) {
            if (row.size() != rows.get(0).size()) {
                throw new IllegalArgumentException("the rows of a similarity matrix must be equally long");
            }
            copy.add(List.copyOf(row));
        }
        this.rows = List.copyOf(copy);
    }

    /**
     * Returns M+1, the number of representations of one model.
     *
     * @throws IllegalStateException if the matrix compares two models with different numbers of layers
     */
    public int size() {
        if (rows() != columns()) {
            throw new IllegalStateException("a matrix of %s x %s has no one size".formatted(rows(), columns()));
        }
        return rows.size();
    }

    /** Returns the number of representations of the first model. */
    public int rows() {
        return rows.size();
    }

    /** Returns the number of representations of the second model. */
    public int columns() {
        return rows.get(0).size();
    }

    /** Returns the similarity of representations i and j. */
    public Similarity at(int i, int j) {
        return rows.get(i).get(j);
    }

    /** Returns the value at (i, j); empty if it is undefined. */
    public OptionalDouble value(int i, int j) {
        return at(i, j).asOptional();
    }

    /** Returns the values, row by row; null where they are undefined. */
    public List<List<@Nullable Double>> values() {
        return rows.stream()
                .map(row -> row.stream().map(Similarity::orNull).toList())
                .toList();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SimilarityMatrix matrix && rows.equals(matrix.rows);
    }

    @Override
    public int hashCode() {
        return rows.hashCode();
    }
}
