package org.layerwise.model.layer;

import org.layerwise.tensor.DType;
import org.layerwise.tensor.Tensor;

/**
 * Adapter that first multiplies the input of its map by a matrix of few rows. For maps that read the same input these
 * products are computed together ({@link Linear#applyAll}).
 */
public interface LowRankAdapter extends LinearAdapter {

    /** Returns true if the product is that of the map's input; false if the adapter changes the input first. */
    boolean readsInput();

    /** Returns the matrix of few rows, {@code [r, in]}, in a compute type. */
    Tensor thinMatrix(DType type);

    /**
     * Returns the adapted output.
     *
     * @param map the linear map, whose output is not yet computed
     * @param x input of the map, {@code [..., in]}
     * @param product thin matrix times the input transposed, {@code [r, tokens]}
     */
    Tensor applyWithProduct(Linear map, Tensor x, Tensor product);
}
