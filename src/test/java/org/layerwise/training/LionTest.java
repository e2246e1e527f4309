package org.layerwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.lora.Parameter;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;
import org.layerwise.testing.Optimisers;

/** Lion against algorithm 2 of arXiv 2302.06675 in plain doubles. */
class LionTest {

    private static final int SIZE = 6;
    private static final double RATE = 0.01;
    private static final double DECAY = 0.1;

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();
    private final TensorOwner owner = engine.owner();
    private final SettingValues settings =
            Optimisers.of(RATE, DECAY, 0).with(OptimiserSettings.OPTIMISER, OptimiserKind.LION);

    @AfterEach
    void close() {
        owner.close();
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    @Test
    void everyStepIsThatOfThePaper() {
        Parameter parameter = parameter(new float[] {-1, -0.5f, 0, 0.5f, 1, 1.5f});
        double[] weights = {-1, -0.5, 0, 0.5, 1, 1.5};
        double[] means = new double[SIZE];
        Random random = new Random(7);
        try (Optimiser optimiser = new Optimiser(engine, List.of(parameter), settings)) {
            for (int t = 1; t <= 30; t++) {
                float[] gradient = gradient(random);
                take(optimiser, parameter, gradient, RATE / t);
                for (int i = 0; i < SIZE; i++) {
                    double direction = Math.signum(0.9 * means[i] + 0.1 * gradient[i]);
                    weights[i] -= RATE / t * (direction + DECAY * weights[i]);
                    means[i] = 0.99 * means[i] + 0.01 * gradient[i];
                }
                assertThat(values(parameter)).as("step %s", t).containsExactly(weights, within(2e-6));
            }
        }
    }

    @Test
    void aZeroGradientLeavesTheWeightInPlace() {
        Parameter parameter = parameter(new float[SIZE]);
        try (Optimiser optimiser = new Optimiser(engine, List.of(parameter), settings)) {
            take(optimiser, parameter, new float[SIZE], RATE);
        }
        assertThat(values(parameter)).containsOnly(0);
    }

    @Test
    void aRestoredStateGoesOnToTheBit() {
        Random random = new Random(3);
        List<float[]> gradients = List.of(gradient(random), gradient(random), gradient(random));
        Parameter whole = parameter(new float[SIZE]);
        Parameter cut = parameter(new float[SIZE]);
        OptimiserState state;
        try (Optimiser first = new Optimiser(engine, List.of(whole), settings);
                Optimiser second = new Optimiser(engine, List.of(cut), settings)) {
            for (float[] gradient : gradients) {
                take(first, whole, gradient, RATE);
            }
            take(second, cut, gradients.get(0), RATE);
            take(second, cut, gradients.get(1), RATE);
            state = new OptimiserState(second.updates(), second.means(), LossScale.NONE);
        }
        assertThat(state.means().get("x.lora_A.weight")).as("Lion has one mean").hasSize(1);
        try (Optimiser resumed = new Optimiser(engine, List.of(cut), settings)) {
            resumed.restore(state);
            take(resumed, cut, gradients.get(2), RATE);
        }
        assertThat(values(cut)).containsExactly(values(whole));
    }

    private Parameter parameter(float[] values) {
        try (Scope scope = engine.inference()) {
            return new Parameter(
                    "x.lora_A.weight", owner.adopt(engine.of(values, 2, 3)).requireGradient(), true);
        }
    }

    private static float[] gradient(Random random) {
        float[] gradient = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            gradient[i] = (float) random.nextGaussian();
        }
        return gradient;
    }

    private void take(Optimiser optimiser, Parameter parameter, float[] gradient, double rate) {
        parameter.value().zeroGradient();
        try (Scope scope = engine.training()) {
            Tensor wanted = engine.of(gradient, parameter.value().shape());
            parameter.value().mul(wanted).sum().backward();
        }
        optimiser.update(rate);
    }

    private double[] values(Parameter parameter) {
        try (Scope scope = engine.inference()) {
            return parameter.value().doubles();
        }
    }
}
