package org.layerwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.UserException;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.lora.Parameter;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;
import org.layerwise.testing.Optimisers;

/** The optimiser against algorithm 2 of arXiv 1711.05101 in plain doubles. */
class AdamWTest {

    private static final int SIZE = 6;
    private static final double RATE = 0.01;
    private static final double RATIO = 4;
    private static final double DECAY = 0.1;

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();
    private final TensorOwner owner = engine.owner();

    @AfterEach
    void close() {
        owner.close();
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    private Parameter parameter(String name, boolean decays, long... shape) {
        try (Scope scope = engine.inference()) {
            float[] values = new float[SIZE];
            for (int i = 0; i < SIZE; i++) {
                values[i] = 0.5f * (i - 2);
            }
            return new Parameter(name, owner.adopt(engine.of(values, shape)).requireGradient(), decays);
        }
    }

    /** One parameter in plain doubles. */
    private static final class Plain {
        private final double[] weights = new double[SIZE];
        private final double[] m = new double[SIZE];
        private final double[] v = new double[SIZE];

        Plain() {
            for (int i = 0; i < SIZE; i++) {
                weights[i] = 0.5 * (i - 2);
            }
        }

        void update(float[] gradient, double rate, double decay, double epsilon, int t) {
            for (int i = 0; i < SIZE; i++) {
                m[i] = 0.9 * m[i] + 0.1 * gradient[i];
                v[i] = 0.999 * v[i] + 0.001 * gradient[i] * gradient[i];
                double mHat = m[i] / (1 - Math.pow(0.9, t));
                double vHat = v[i] / (1 - Math.pow(0.999, t));
                weights[i] -= rate * (mHat / (Math.sqrt(vHat) + epsilon) + decay * weights[i]);
            }
        }
    }

    private void gradient(Parameter parameter, float[] values) {
        parameter.value().zeroGradient();
        try (Scope scope = engine.training()) {
            Tensor wanted = engine.of(values, parameter.value().shape());
            parameter.value().mul(wanted).sum().backward();
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-8, 0.1})
    void everyStepOfEveryGroup(double epsilon) {
        List<Parameter> parameters = List.of(
                parameter("x.lora_A.weight", true, 2, 3),
                parameter("x.lora_B.weight", true, 3, 2),
                parameter("classifier.bias", false, 6),
                parameter("x.lora_magnitude_vector", true, 6),
                parameter("classifier.weight", true, 2, 3));
        double[] rates = {1, RATIO, 1, 1, 1};
        double[] decays = {DECAY, DECAY, 0, DECAY, DECAY};
        List<Plain> plain = parameters.stream().map(unused -> new Plain()).toList();
        Random random = new Random(7);
        SettingValues settings = Optimisers.of(RATE, DECAY, 0)
                .with(OptimiserSettings.LORA_PLUS_RATIO, RATIO)
                .with(OptimiserSettings.ADAM_EPSILON, epsilon);
        try (Optimiser optimiser = new Optimiser(engine, parameters, settings)) {
            for (int t = 1; t <= 30; t++) {
                double rate = RATE / t;
                for (int p = 0; p < parameters.size(); p++) {
                    float[] gradient = new float[SIZE];
                    for (int i = 0; i < SIZE; i++) {
                        gradient[i] = (float) random.nextGaussian();
                    }
                    gradient(parameters.get(p), gradient);
                    plain.get(p).update(gradient, rate * rates[p], decays[p], epsilon, t);
                }
                optimiser.update(rate);
                for (int p = 0; p < parameters.size(); p++) {
                    double[] values;
                    try (Scope scope = engine.inference()) {
                        values = parameters.get(p).value().doubles();
                    }
                    assertThat(values)
                            .as("%s at step %d", parameters.get(p).name(), t)
                            .containsExactly(plain.get(p).weights, within(2e-6));
                }
            }
            assertThat(optimiser.updates()).isEqualTo(30);
        }
    }

    @Test
    void aStateOfAnotherAdapterIsRefused() {
        Parameter parameter = parameter("x.lora_A.weight", true, 2, 3);
        OptimiserState other =
                new OptimiserState(3, Map.of("x.lora_A.weight", List.of(new float[2], new float[2])), LossScale.NONE);
        try (Optimiser optimiser = new Optimiser(engine, List.of(parameter), Optimisers.of(RATE, DECAY, 0))) {
            assertThatThrownBy(() -> optimiser.restore(other))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("x.lora_A.weight");
        }
    }
}
