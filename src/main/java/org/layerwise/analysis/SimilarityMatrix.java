package org.layerwise.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The similarity of every pair of representations {@code R_0 .. R_M} of one model: symmetric, (M+1) x (M+1). Index 0 is
 * the output of the embedding, index i the output of layer i-1 (0-based), as in HuggingFace's {@code hidden_states}.
 */
public final class SimilarityMatrix {

    /** What a cell holds before it is computed. */
    public static final Similarity.Undefined PENDING = new Similarity.Undefined("Not computed yet.");

    private final List<List<Similarity>> rows;

    /**
     * @param rows the full square matrix
     * @throws IllegalArgumentException if it is not square
     */
    public SimilarityMatrix(List<List<Similarity>> rows) {
        List<List<Similarity>> copy = new ArrayList<>();
        for (List<Similarity> row : rows) {
            if (row.size() != rows.size()) {
                throw new IllegalArgumentException("a similarity matrix must be square");
            }
            copy.add(List.copyOf(row));
        }
        this.rows = List.copyOf(copy);
    }

    /** M+1, the number of representations. */
    public int size() {
        return rows.size();
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
