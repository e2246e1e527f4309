package org.layerwise.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients against central differences, in float64. */
class AutogradTest {

    private static final TensorEngine ENGINE = Engines.shared();
    private static final int ROWS = 4;
    private static final int COLUMNS = 6;

    static Stream<Arguments> operations() {
        Random random = new Random(5);
        double[] other = random.doubles(ROWS * COLUMNS, 0.5, 2).toArray();
        double[] square = random.doubles(COLUMNS * COLUMNS, -1, 1).toArray();
        double[] row = random.doubles(COLUMNS, 0.5, 1.5).toArray();
        long[] labels = {1, 0, 5, 3};
        return Stream.<Named<UnaryOperator<Tensor>>>of(
                        Named.of("add", x -> x.add(ENGINE.of(other, ROWS, COLUMNS))),
                        Named.of("mul", x -> x.mul(ENGINE.of(other, ROWS, COLUMNS))),
                        Named.of("div", x -> x.div(ENGINE.of(other, ROWS, COLUMNS))),
                        Named.of("exp", Tensor::exp),
                        Named.of("tanh", Tensor::tanh),
                        Named.of("matmul", x -> x.matmul(ENGINE.of(square, COLUMNS, COLUMNS))),
                        Named.of("linear", x -> x.linear(ENGINE.of(square, COLUMNS, COLUMNS), ENGINE.of(row, COLUMNS))),
                        Named.of(
                                "addLowRank",
                                x -> x.addLowRank(
                                        x,
                                        ENGINE.of(other, ROWS, COLUMNS),
                                        ENGINE.of(other, ROWS, COLUMNS).transpose(),
                                        0.7)),
                        Named.of("linearLowRank", x -> {
                            Tensor a = ENGINE.of(other, ROWS, COLUMNS);
                            Tensor weight = ENGINE.of(square, COLUMNS, COLUMNS);
                            return x.linearLowRank(
                                    weight,
                                    ENGINE.of(row, COLUMNS),
                                    x.thinProducts(List.of(a, a)).get(1),
                                    a.transpose(),
                                    0.7);
                        }),
                        Named.of("layerNorm", x -> x.layerNorm(ENGINE.of(row, COLUMNS), ENGINE.of(row, COLUMNS), 1e-5)),
                        Named.of("rmsNorm", x -> x.rmsNorm(ENGINE.of(row, COLUMNS), 1e-5)),
                        Named.of("softmax", x -> x.softmax(-1)),
                        Named.of("logSoftmax", x -> x.logSoftmax(-1)),
                        Named.of("gelu", Tensor::gelu),
                        Named.of("geluTanh", Tensor::geluTanh),
                        Named.of("silu", Tensor::silu),
                        Named.of(
                                "heads",
                                x -> x.reshape(1, ROWS, COLUMNS).splitHeads(2).joinHeads()),
                        Named.of("attention", x -> {
                            Tensor heads = x.reshape(1, ROWS, COLUMNS).splitHeads(2);
                            return heads.attention(heads, heads, null, 0, 0.6);
                        }),
                        Named.of("masked attention", x -> {
                            Tensor heads = x.reshape(1, ROWS, COLUMNS).splitHeads(2);
                            double[] mask = {0, 0, 0, -1e30};
                            return heads.attention(heads, heads, ENGINE.of(mask, 1, 1, 1, ROWS), 0, 0.6);
                        }),
                        Named.of("causal attention", x -> {
                            Tensor heads = x.reshape(1, ROWS, COLUMNS).splitHeads(2);
                            return heads.causalAttention(heads, heads, 0, 0.6);
                        }),
                        Named.of("crossEntropy", x -> x.crossEntropy(ENGINE.of(labels, ROWS))),
                        Named.of("meanSquaredError", x -> x.meanSquaredError(ENGINE.of(other, ROWS, COLUMNS))),
                        Named.of("slice and select", x -> x.slice(0, 1, 3).select(1, 2)),
                        Named.of(
                                "transpose and expand",
                                x -> x.transpose().reshape(1, COLUMNS, ROWS).expand(3, -1, -1)),
                        Named.of("mean over an axis", x -> x.mean(0, false)),
                        Named.of("copy", Tensor::copy),
                        Named.of("cast there and back", x -> x.cast(DType.F64).mul(2)),
                        Named.of("singular values", x -> Factorizations.svd(x).s()))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void agreesWithCentralDifferences(UnaryOperator<Tensor> operation) {
        double[] point = new Random(3).doubles(ROWS * COLUMNS, -1, 1).toArray();
        double[] analytic;
        try (Scope scope = ENGINE.training()) {
            Tensor x = ENGINE.of(point, ROWS, COLUMNS).requireGradient();
            objective(operation.apply(x)).backward();
            analytic = x.gradient().doubles();
        }
        double h = 1e-5;
        for (int i = 0; i < point.length; i++) {
            double slope = (at(operation, point, i, h) - at(operation, point, i, -h)) / (2 * h);
            assertThat(analytic[i]).as("element %d", i).isCloseTo(slope, within(1e-6 * Math.max(1, Math.abs(slope))));
        }
    }

    private static double at(UnaryOperator<Tensor> operation, double[] point, int index, double change) {
        double[] moved = point.clone();
        moved[index] += change;
        try (Scope scope = ENGINE.inference()) {
            return objective(operation.apply(ENGINE.of(moved, ROWS, COLUMNS))).item();
        }
    }

    // a fixed, uneven weighting, so that no gradient cancels by symmetry
    private static Tensor objective(Tensor result) {
        double[] weights = new Random(11).doubles(result.elements(), -1, 1).toArray();
        return result.mul(ENGINE.of(weights, result.shape())).sum();
    }

    @Test
    void gradientsAddUpUntilTheyAreCleared() {
        try (Scope scope = ENGINE.training()) {
            Tensor x = ENGINE.of(new double[] {3}, 1).requireGradient();
            x.square().sum().backward();
            x.square().sum().backward();
            assertThat(x.gradient().item()).isEqualTo(12);
            x.zeroGradient();
            assertThat(x.gradient().item()).isZero();
            x.square().sum().backward();
            assertThat(x.gradient().item()).isEqualTo(6);
        }
    }

    @Test
    void detachIsTheOnlyWayToCutTheGraph() {
        try (Scope scope = ENGINE.training()) {
            Tensor x = ENGINE.of(new double[] {3}, 1).requireGradient();
            x.copy()
                    .cast(DType.F32)
                    .to(Device.CPU)
                    .contiguous()
                    .mul(x.detach().cast(DType.F32))
                    .sum()
                    .backward();
            assertThat(x.gradient().item()).isEqualTo(3);
        }
    }

    @Test
    void aScopeDecidesWhetherAGraphIsRecordedOnEveryThread() throws InterruptedException {
        Thread thread = new Thread(() -> {
            try (Scope scope = ENGINE.inference()) {
                Tensor x = ENGINE.of(new double[] {3}, 1).requireGradient();
                assertThatThrownBy(() -> x.square().sum().backward()).isInstanceOf(Exception.class);
            }
        });
        Throwable[] failure = new Throwable[1];
        thread.setUncaughtExceptionHandler((where, e) -> failure[0] = e);
        thread.start();
        thread.join();
        assertThat(failure[0]).isNull();
        try (Scope training = ENGINE.training()) {
            Tensor x = ENGINE.of(new double[] {3}, 1).requireGradient();
            try (Scope inner = ENGINE.inference()) {
                x.square();
            }
            assertThatThrownBy(() -> x.scaleInPlace(2)).hasMessageContaining("inference");
            x.square().sum().backward();
            assertThat(x.gradient().item()).isEqualTo(6);
        }
    }
}
