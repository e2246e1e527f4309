package org.layerwise.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.model.config.DeltaNetConfig;
import org.layerwise.model.layer.DeltaRule.Inputs;
import org.layerwise.model.layer.DeltaRule.Outputs;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/** The delta rule in chunks gives what its definition gives token by token. */
class DeltaRuleTest {

    private static final int ROWS = 2;
    private static final int HEADS = 3;
    private static final int KEYS = 5;
    private static final int VALUES = 4;

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, DeltaNetConfig.CHUNK, DeltaNetConfig.CHUNK + 1, 3 * DeltaNetConfig.CHUNK - 5})
    void chunksGiveTheDefinition(int tokens) {
        try (Scope scope = engine.inference()) {
            Numbers numbers = new Numbers(tokens);
            Outputs outputs = new DeltaRule(engine).apply(numbers.inputs(engine, 0, tokens), null);

            double[][] expected = numbers.byDefinition();
            assertClose(outputs.values(), expected[0]);
            assertClose(outputs.state(), expected[1]);
        }
    }

    @Test
    void partsAndSingleTokensGoOnFromTheStateBefore() {
        int tokens = DeltaNetConfig.CHUNK + 20;
        try (Scope scope = engine.inference()) {
            Numbers numbers = new Numbers(tokens);
            DeltaRule rule = new DeltaRule(engine);
            List<Tensor> parts = new ArrayList<>();
            Outputs outputs = rule.apply(numbers.inputs(engine, 0, 3), null);
            parts.add(outputs.values());
            outputs = rule.apply(numbers.inputs(engine, 3, tokens - 2), outputs.state());
            parts.add(outputs.values());
            for (int token = tokens - 2; token < tokens; token++) {
                outputs = DeltaRule.next(numbers.inputs(engine, token, token + 1), outputs.state());
                parts.add(outputs.values());
            }

            double[][] expected = numbers.byDefinition();
            assertClose(engine.cat(parts, 2), expected[0]);
            assertClose(outputs.state(), expected[1]);
        }
    }

    private static void assertClose(Tensor actual, double[] expected) {
        double[] values = actual.doubles();
        assertThat(values).hasSameSizeAs(expected);
        for (int i = 0; i < values.length; i++) {
            assertThat(values[i]).as("number %s", i).isCloseTo(expected[i], within(1e-5));
        }
    }

    /** Random inputs, by row and head: decays down to exp(-16), as with the largest A that models begin with. */
    private static final class Numbers {

        private final int tokens;
        private final float[] queries;
        private final float[] keys;
        private final float[] values;
        private final float[] decays;
        private final float[] rates;

        Numbers(int tokens) {
            this.tokens = tokens;
            Random random = new Random(11);
            int all = ROWS * HEADS * tokens;
            this.queries = normal(random, all * KEYS);
            this.keys = normal(random, all * KEYS);
            this.values = normal(random, all * VALUES);
            this.decays = new float[all];
            this.rates = new float[all];
            for (int i = 0; i < all; i++) {
                decays[i] = random.nextInt(10) == 0 ? -16 : -random.nextFloat() / 4;
                rates[i] = random.nextFloat();
            }
        }

        private static float[] normal(Random random, int count) {
            float[] numbers = new float[count];
            for (int i = 0; i < count; i++) {
                numbers[i] = (float) random.nextGaussian();
            }
            return numbers;
        }

        Inputs inputs(TensorEngine engine, int from, int to) {
            return Inputs.of(
                    engine.of(queries, ROWS, HEADS, tokens, KEYS).slice(2, from, to),
                    engine.of(keys, ROWS, HEADS, tokens, KEYS).slice(2, from, to),
                    engine.of(values, ROWS, HEADS, tokens, VALUES).slice(2, from, to),
                    engine.of(decays, ROWS, HEADS, tokens).slice(2, from, to),
                    engine.of(rates, ROWS, HEADS, tokens).slice(2, from, to));
        }

        /** Returns all outputs and all states in float64. */
        double[][] byDefinition() {
            double[] outputs = new double[ROWS * HEADS * tokens * VALUES];
            double[] states = new double[ROWS * HEADS * KEYS * VALUES];
            for (int head = 0; head < ROWS * HEADS; head++) {
                double[][] state = new double[KEYS][VALUES];
                for (int token = head * tokens; token < (head + 1) * tokens; token++) {
                    double[] query = unit(queries, token);
                    double[] key = unit(keys, token);
                    for (int v = 0; v < VALUES; v++) {
                        double known = 0;
                        for (int k = 0; k < KEYS; k++) {
                            state[k][v] *= Math.exp(decays[token]);
                            known += state[k][v] * key[k];
                        }
                        double change = rates[token] * (values[token * VALUES + v] - known);
                        for (int k = 0; k < KEYS; k++) {
                            state[k][v] += key[k] * change;
                            outputs[token * VALUES + v] += state[k][v] * query[k] / Math.sqrt(KEYS);
                        }
                    }
                }
                for (int k = 0; k < KEYS; k++) {
                    System.arraycopy(state[k], 0, states, (head * KEYS + k) * VALUES, VALUES);
                }
            }
            return new double[][] {outputs, states};
        }

        private static double[] unit(float[] all, int token) {
            double squares = 1e-6;
            for (int k = 0; k < KEYS; k++) {
                squares += (double) all[token * KEYS + k] * all[token * KEYS + k];
            }
            double[] unit = new double[KEYS];
            for (int k = 0; k < KEYS; k++) {
                unit[k] = all[token * KEYS + k] / Math.sqrt(squares);
            }
            return unit;
        }
    }
}
