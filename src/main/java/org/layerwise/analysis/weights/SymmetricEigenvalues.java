package org.layerwise.analysis.weights;

import org.layerwise.base.Progress;
import org.layerwise.tensor.Factorizations;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/** Computes the eigenvalues of symmetric matrices. */
record SymmetricEigenvalues(TensorEngine engine) {

    /** Returns the eigenvalues of a matrix {@code [n, n]} in float64, in ascending order. */
    double[] of(Tensor matrix, Progress progress) {
        progress.check();
        return Factorizations.symmetricEigenvalues(matrix).doubles();
    }
}
