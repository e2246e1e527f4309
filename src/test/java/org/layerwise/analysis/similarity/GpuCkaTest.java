package org.layerwise.analysis.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.layerwise.analysis.Matrix;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.Progress;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Engines;
import org.layerwise.testing.GpuDevice;
import org.layerwise.testing.GpuTest;

/** CKA in float64 on a GPU against the same on the processor. */
@GpuTest
class GpuCkaTest {

    private static final int LAYERS = 5;

    private final LinearCka cka = new LinearCka(Engines.shared());

    @ParameterizedTest
    @EnumSource(LinearCka.Form.class)
    void equalsTheProcessors(LinearCka.Form form) {
        Random random = new Random(3);
        List<Matrix> layers = new ArrayList<>();
        float[] before = new float[64 * 32];
        for (int layer = 0; layer < LAYERS; layer++) {
            float[] values = before.clone();
            for (int i = 0; i < values.length; i++) {
                values[i] += (float) random.nextGaussian();
            }
            layers.add(new Matrix(64, 32, values));
            before = values;
        }
        Representations representations = new Representations(Position.MEAN, layers);
        SimilarityMatrix expected = on(Device.CPU, representations, form);
        SimilarityMatrix actual = on(GpuDevice.device(), representations, form);
        for (int i = 0; i < LAYERS; i++) {
            for (int j = 0; j < LAYERS; j++) {
                assertThat(value(actual, i, j)).isCloseTo(value(expected, i, j), within(1e-9));
            }
        }
    }

    private SimilarityMatrix on(Device device, Representations representations, LinearCka.Form form) {
        return cka.allPairs(representations, form, device, Progress.none(), partial -> {});
    }

    private static double value(SimilarityMatrix matrix, int row, int column) {
        return ((Similarity.Value) matrix.at(row, column)).value();
    }
}
