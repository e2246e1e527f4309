package org.layerwise.study.model;

import org.layerwise.tensor.DType;
import org.layerwise.tensor.Tensor;

/** Work for which a model is opened. Weights of a model that is never differentiated may be {@link Tensor#packed}. */
public enum ModelUse {
    /** Anything, training among it. */
    ANY {
        @Override
        boolean packs(DType type) {
            return false;
        }
    },
    /** Text that is generated or scored, a few rows at a time. */
    GENERATION {
        @Override
        boolean packs(DType type) {
            return true;
        }
    },
    /** Forward passes over many rows. In float32 plain weights stay, so that analyses of earlier versions repeat. */
    FORWARD {
        @Override
        boolean packs(DType type) {
            return type == DType.BF16;
        }
    };

    /** Returns true if packed weights suit this work in a compute type (decision 33). */
    abstract boolean packs(DType type);
}
