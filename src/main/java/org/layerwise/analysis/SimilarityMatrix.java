package org.layerwise.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The similarity of every pair of representations {@code R_0 .. R_M} of one model, (M+1) x (M+1), or of those of two models.
 * Index 0 is the output of the embedding, index i the output of layer i-1 (0-based), as in HuggingFace's
 * {@code hidden_states}. Of one model it is symmetric for all measures but PWCCA.
 */
public final class SimilarityMatrix {

    /** What a cell holds before it is computed. */
    public static final Similarity.Undefined PENDING = new Similarity.Undefined("Not computed yet.");

    private final List<List<Similarity>> rows;

    /**
     * @param rows the full matrix
     * @throws IllegalArgumentException if its rows are not equally long
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
     * M+1, the number of representations of one model.
     *
     * @throws IllegalStateException if two models with other numbers of layers are compared
     */
    public int size() {
        if (rows() != columns()) {
            throw new IllegalStateException("a matrix of %s x %s has no one size".formatted(rows(), columns()));
        }
        return rows.size();
    }

    /** The number of representations of the first model. */
    public int rows() {
        return rows.size();
    }

    /** The number of representations of the second model. */
    public int columns() {
        return rows.get(0).size();
    }

    /** The similarity of representations i and j. */
    public Similarity at(int i, int j) {
        return rows.get(i).get(j);
    }

    /** The value at (i, j), empty where it is undefined. */
    public OptionalDouble value(int i, int j) {
        return at(i, j).asOptional();
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
