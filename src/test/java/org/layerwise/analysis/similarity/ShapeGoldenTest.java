package org.layerwise.analysis.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.base.Progress;
import org.layerwise.base.json.Json;
import org.layerwise.tensor.Engines;
import org.layerwise.testing.Golden;

/** Distances of shapes have the values of netrep and SciPy (shape_golden.py). */
class ShapeGoldenTest {

    private static final double EXACT = 1e-9;

    @Test
    void anglesAndDistanceCorrelations() {
        JsonNode cases = Json.read(Golden.folder("shapes.json"));
        assertThat(cases).hasSize(3);
        for (JsonNode one : cases) {
            assertThat(AngularProcrustes.angle(of(AngularProcrustes.MEASURE, one)))
                    .isCloseTo(one.path("angle").doubleValue(), within(EXACT));
            assertThat(of(DistanceCorrelation.MEASURE, one))
                    .isCloseTo(one.path("distance_correlation").doubleValue(), within(EXACT));
        }
    }

    private static double of(Measure measure, JsonNode one) {
        return measure.with(MeasureOptions.DEFAULTS, Engines.shared())
                .between(
                        Layers.of(matrix(one.path("x"))),
                        Layers.of(matrix(one.path("y"))),
                        Engines.device(),
                        Progress.none())
                .value(0, 0)
                .orElseThrow();
    }

    private static double[][] matrix(JsonNode rows) {
        double[][] matrix = new double[rows.size()][];
        for (int row = 0; row < matrix.length; row++) {
            matrix[row] = new double[rows.path(row).size()];
            for (int column = 0; column < matrix[row].length; column++) {
                matrix[row][column] = rows.path(row).path(column).doubleValue();
            }
        }
        return matrix;
    }
}
