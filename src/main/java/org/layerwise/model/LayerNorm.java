package org.layerwise.model;

import org.layerwise.tensor.Tensor;

/** Layer normalisation over the last axis (Ba et al., arXiv 1607.06450). */
record LayerNorm(Tensor weight, Tensor bias, double epsilon) {

    Tensor apply(Tensor x) {
        return x.layerNorm(weight, bias, epsilon);
    }
}
