package org.layerwise.analysis.similarity;

import java.util.Arrays;
import java.util.List;
import org.layerwise.analysis.Matrix;
import org.layerwise.analysis.Representations;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/** Selects some of the examples. */
final class ExampleSelection {

    private ExampleSelection() {}

    /** Returns a copy of some rows; the matrix itself for all rows. */
    static Matrix of(Matrix matrix, int begin, int end) {
        if (begin == 0 && end == matrix.rows()) {
            return matrix;
        }
        int width = matrix.columns();
        return new Matrix(end - begin, width, Arrays.copyOfRange(matrix.values(), begin * width, end * width));
    }

    static Representations of(Representations representations, int begin, int end) {
        List<Matrix> layers = representations.layers().stream()
                .map(layer -> of(layer, begin, end))
                .toList();
        return new Representations(representations.position(), layers);
    }

    /** Returns some rows in float64 on a device. */
    static Tensor onDevice(TensorEngine engine, Matrix matrix, int begin, int end, Device device) {
        Matrix rows = of(matrix, begin, end);
        return engine.of(rows.values(), rows.rows(), rows.columns()).to(device).cast(DType.F64);
    }
}
