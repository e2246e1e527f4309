package org.layerwise.analysis.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.layerwise.analysis.Matrix;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.CancelledProgress;

class LinearCkaTest {

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();
    private final LinearCka cka = new LinearCka(engine);
    private final Random random = new Random(17);

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    private SimilarityMatrix allPairs(LinearCka.Form form, double[][]... layers) {
        return cka.allPairs(
                representations(Position.FIRST, layers), form, Engines.device(), Progress.none(), partial -> {});
    }

    private static Representations representations(Position position, double[][]... layers) {
        List<Matrix> matrices = new ArrayList<>();
        for (double[][] layer : layers) {
            float[] values = new float[layer.length * layer[0].length];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) layer[i / layer[0].length][i % layer[0].length];
            }
            matrices.add(new Matrix(layer.length, layer[0].length, values));
        }
        return new Representations(position, matrices);
    }

    private double[][] normal(int rows, int columns) {
        double[][] matrix = new double[rows][columns];
        for (double[] row : matrix) {
            for (int i = 0; i < columns; i++) {
                row[i] = (float) random.nextGaussian();
            }
        }
        return matrix;
    }

    @ParameterizedTest
    @EnumSource(LinearCka.Form.class)
    void equalsTheDefinition(LinearCka.Form form) {
        double[][][] layers = {normal(20, 7), normal(20, 7), normal(20, 5)};
        SimilarityMatrix matrix = allPairs(form, layers);
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                assertThat(matrix.value(i, j).orElseThrow())
                        .isCloseTo(PlainCka.of(layers[i], layers[j]), within(1e-12));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(LinearCka.Form.class)
    void byHand(LinearCka.Form form) {
        // x = (-1, 0, 1) centred, y = (1, -2, 1): orthogonal; z = 3 x + 5
        double[][] x = {{1}, {2}, {3}};
        double[][] y = {{1}, {-2}, {1}};
        double[][] z = {{8}, {11}, {14}};
        SimilarityMatrix matrix = allPairs(form, x, y, z);
        assertThat(matrix.value(0, 0)).hasValue(1);
        assertThat(matrix.value(0, 1).orElseThrow()).isCloseTo(0, within(1e-15));
        assertThat(matrix.value(0, 2).orElseThrow()).isCloseTo(1, within(1e-15));
    }

    @Test
    void isBlindToRotationScaleAndShiftButNotToOtherMaps() {
        double[][] x = normal(30, 2);
        double[][] y = normal(30, 4);
        double angle = 0.7;
        double[][] moved = new double[30][2];
        double[][] stretched = new double[30][2];
        for (int i = 0; i < 30; i++) {
            moved[i][0] = 5 * (Math.cos(angle) * x[i][0] - Math.sin(angle) * x[i][1]) + 3;
            moved[i][1] = 5 * (Math.sin(angle) * x[i][0] + Math.cos(angle) * x[i][1]) - 1;
            stretched[i][0] = 10 * x[i][0];
            stretched[i][1] = x[i][1];
        }
        SimilarityMatrix matrix = allPairs(LinearCka.Form.GRAM, x, moved, stretched, y);
        double reference = matrix.value(0, 3).orElseThrow();
        assertThat(matrix.value(1, 3).orElseThrow()).isCloseTo(reference, within(1e-6));
        assertThat(Math.abs(matrix.value(2, 3).orElseThrow() - reference)).isGreaterThan(1e-3);
    }

    @Test
    void constantRepresentationsAreUndefinedWithAReason() {
        double[][] constant = new double[5][3];
        for (double[] row : constant) {
            row[0] = 1000;
            row[1] = 0.1;
        }
        constant[2][1] += 1e-5; // varies, but only by rounding
        double[][] notFinite = normal(5, 3);
        notFinite[1][1] = Double.POSITIVE_INFINITY;
        SimilarityMatrix matrix = allPairs(LinearCka.Form.GRAM, constant, normal(5, 3), constant, notFinite);
        assertThat(matrix.value(0, 0)).isEmpty();
        assertThat(matrix.value(1, 1).orElseThrow()).isCloseTo(1, within(1e-12));
        assertThat(((Similarity.Undefined) matrix.at(0, 1)).reason()).contains("starts with the same token");
        assertThat(((Similarity.Undefined) matrix.at(1, 2)).reason()).contains("Hidden state 2 is the same");
        assertThat(((Similarity.Undefined) matrix.at(1, 3)).reason()).contains("not finite");
        assertThat(((Similarity.Undefined) cka.allPairs(
                                        representations(Position.LAST, constant, normal(5, 3)),
                                        Engines.device(),
                                        Progress.none(),
                                        partial -> {})
                                .at(0, 1))
                        .reason())
                .contains("ends with the same token");
    }

    @Test
    void theFeatureFormFillsLayerByLayer() {
        List<SimilarityMatrix> seen = new ArrayList<>();
        SimilarityMatrix whole = cka.allPairs(
                representations(Position.FIRST, normal(5, 2), normal(5, 2), normal(5, 2)),
                LinearCka.Form.FEATURE,
                Engines.device(),
                Progress.none(),
                seen::add);
        assertThat(seen).hasSize(3);
        assertThat(seen.get(1).value(0, 1)).isPresent();
        assertThat(seen.get(1).at(0, 2)).isEqualTo(SimilarityMatrix.PENDING);
        assertThat(seen.get(2)).isEqualTo(whole);
    }

    @Test
    void twoExamplesAreTooFew() {
        assertThatThrownBy(() -> allPairs(LinearCka.Form.GRAM, normal(2, 3), normal(2, 3)))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("at least 3 examples");
    }

    @Test
    void stopsWhenCancelled() {
        Progress cancelled = CancelledProgress.when(() -> true);
        assertThatThrownBy(() -> cka.allPairs(
                        representations(Position.FIRST, normal(5, 2), normal(5, 2)),
                        Engines.device(),
                        cancelled,
                        partial -> {}))
                .isInstanceOf(CancelledException.class);
    }
}
