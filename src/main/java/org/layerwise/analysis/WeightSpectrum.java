package org.layerwise.analysis;

/**
 * Singular values of the weight of a linear map.
 *
 * @param module full name of the module in HuggingFace's model
 * @param type its name within its layer, such as {@code self_attn.q_proj}
 * @param layer index of its layer, from 0
 * @param out rows of the weight
 * @param in columns of the weight
 * @param values singular values in descending order, {@code min(out, in)} of them
 */
public record WeightSpectrum(String module, String type, int layer, int out, int in, double[] values) {

    public WeightSpectrum {
        values = values.clone();
    }

    /** Returns a copy of the singular values. */
    @Override
    public double[] values() {
        return values.clone();
    }

    /** Returns the largest singular value. */
    public double largest() {
        return values[0];
    }

    /** Returns the smallest singular value. */
    public double smallest() {
        return values[values.length - 1];
    }
}
