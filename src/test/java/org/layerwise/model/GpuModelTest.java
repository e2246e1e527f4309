package org.layerwise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;
import org.layerwise.testing.Golden;
import org.layerwise.testing.GpuDevice;
import org.layerwise.testing.GpuTest;

/** The golden models on a GPU. */
@GpuTest
class GpuModelTest {

    private static final double TOLERANCE = 2e-4;

    private final TensorEngine engine = Engines.shared();
    private final Device gpu = GpuDevice.device();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert",
                "roberta",
                "electra",
                "distilbert",
                "deberta_v3",
                "modernbert",
                "llama",
                "mistral_window",
                "qwen3",
                "phi3",
                "gemma2",
                "gpt2",
                "llava"
            })
    void hiddenStatesEqualHuggingFaces(String fixture) {
        int liveBefore = engine.liveTensors();
        try (SafetensorsFile golden =
                        SafetensorsFile.open(Golden.folder(fixture).resolve("golden.safetensors"));
                TransformerModel model =
                        TransformerModel.load(engine, Checkpoint.open(Golden.folder(fixture)), gpu, Progress.none());
                Scope scope = engine.inference()) {
            TokenBatch batch = Golden.batch(golden);
            int width = model.config().hiddenSize();
            model.transformer().hiddenStates(model.input(batch), (index, hidden) -> {
                assertThat(hidden.device()).isEqualTo(gpu);
                double[] expected = Golden.doubles(golden, "hidden_states." + index);
                double[] actual = hidden.doubles();
                for (int i = 0; i < expected.length; i++) {
                    if (batch.mask()[i / width] == 1) {
                        assertThat(actual[i])
                                .as("%s, state %d", fixture, index)
                                .isCloseTo(expected[i], within(TOLERANCE));
                    }
                }
            });
        }
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    @Test
    void logitsAndGradients() {
        try (SafetensorsFile golden = SafetensorsFile.open(Golden.folder("bert").resolve("golden.safetensors"));
                TransformerModel model =
                        TransformerModel.load(engine, Checkpoint.open(Golden.folder("bert")), gpu, Progress.none());
                TensorOwner owner = engine.owner();
                Scope scope = engine.training()) {
            ClassificationHead head = model.head(owner, 3, 0).head();
            ModelInput input = model.input(Golden.batch(golden));
            Tensor hidden = model.transformer().forward(input);
            assertThat(hidden.device()).isEqualTo(gpu);
            Tensor leaf = hidden.detach().copy().requireGradient();
            Tensor logits = head.logits(leaf, input, ModelConfig.Dropout.NONE);
            assertThat(logits.doubles()).containsExactly(Golden.doubles(golden, "logits"), within(TOLERANCE));
            logits.sum().backward();
            assertThat(leaf.gradient().norm().item()).isPositive();
        }
    }
}
