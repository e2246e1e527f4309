package org.layerwise.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.model.LanguageModelHead;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.model.layer.KeyValueCache;
import org.layerwise.model.layer.Linear;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;
import org.layerwise.testing.Golden;

/** A model with packed weights computes what one with plain weights does, and is never trained. */
class PackedDecodingTest {

    private static final double TOLERANCE = 1e-4;

    private final TensorEngine engine = Engines.shared();

    static List<String> decoders() {
        return GoldenDecoder.fixtures();
    }

    @BeforeEach
    void onlyWhereWeightsArePacked() {
        assumeTrue(engine.packs(Device.CPU, DType.F32), "weights are not packed on this kind of processor");
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void stepsAndPromptsGiveTheLogitsOfPlainWeights(String fixture) {
        int before = engine.liveTensors();
        try (TransformerModel plain = model(fixture, DType.F32, false);
                TransformerModel packed = model(fixture, DType.F32, true)) {
            double[] expected = logits(plain);
            assertThat(expected).isNotEmpty();
            assertThat(logits(packed)).containsExactly(expected, within(TOLERANCE));
        }
        assertThat(engine.liveTensors()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen2"})
    void bfloat16StaysAsCloseToFloat32AsPlainWeights(String fixture) {
        try (TransformerModel exact = model(fixture, DType.F32, false);
                TransformerModel plain = model(fixture, DType.BF16, false);
                TransformerModel packed = model(fixture, DType.BF16, true)) {
            double[] expected = logits(exact);
            double usual = distance(logits(plain), expected);
            assertThat(usual).isPositive();
            assertThat(distance(logits(packed), expected)).isLessThan(1.5 * usual);
        }
    }

    @Test
    void noGraphReachesAPackedWeight() {
        try (TransformerModel packed = model("llama", DType.F32, true);
                TensorOwner owner = engine.owner()) {
            LanguageModelHead head = packed.languageModelHead(owner);
            try (Scope scope = engine.training()) {
                Tensor hidden = engine.of(
                        new float[packed.config().hiddenSize()],
                        1,
                        packed.config().hiddenSize());
                assertThatIllegalStateException().isThrownBy(() -> head.logits(hidden));
                assertThat(packed.transformer().linears()).hasSizeGreaterThan(10);
                for (Linear linear : packed.transformer().linears()) {
                    Tensor x =
                            engine.of(new float[linear.in()], 1, 1, linear.in()).requireGradient();
                    assertThatIllegalStateException()
                            .isThrownBy(() -> linear.apply(x))
                            .withMessageContaining("passes no gradients on");
                }
            }
        }
    }

    @Test
    void aPackedWeightIsTheSameMatrix() {
        try (TransformerModel plain = model("llama", DType.F32, false);
                TransformerModel packed = model("llama", DType.F32, true);
                Scope scope = engine.inference()) {
            for (int i = 0; i < plain.transformer().linears().size(); i++) {
                assertThat(packed.transformer().linears().get(i).matrix().floats())
                        .containsExactly(
                                plain.transformer().linears().get(i).matrix().floats());
            }
        }
    }

    private TransformerModel model(String fixture, DType type, boolean packed) {
        ModelBlueprint blueprint = ModelBlueprint.read(engine, Checkpoint.open(Golden.folder(fixture)));
        return packed
                ? TransformerModel.loadPacked(engine, blueprint, Device.CPU, type, Progress.none())
                : TransformerModel.load(engine, blueprint, Device.CPU, type, Progress.none());
    }

    private static double distance(double[] values, double[] exact) {
        return Math.sqrt(IntStream.range(0, exact.length)
                .mapToDouble(i -> Math.pow(values[i] - exact[i], 2))
                .sum());
    }

    /** Returns the logits of two rows after a step. */
    private double[] logits(TransformerModel model) {
        try (TensorOwner owner = engine.owner();
                KeyValueCache cache = new KeyValueCache(
                        engine,
                        model.config(),
                        2,
                        16,
                        model.device(),
                        model.transformer().type());
                Scope scope = engine.inference()) {
            LanguageModelHead head = model.languageModelHead(owner);
            long[] ids = {7, 11, 2, 9, 14, 30, 4, 21};
            long[] ones = {1, 1, 1, 1, 1, 1, 1, 1};
            model.transformer()
                    .forward(model.input(new TokenBatch(2, 4, ids, new long[8], ones)), cache, 0, Progress.none());
            Tensor hidden = model.transformer()
                    .forward(model.next(new long[] {5, 12}, new int[] {4, 4}), cache, 0, Progress.none());
            return head.logits(hidden).doubles();
        }
    }
}
