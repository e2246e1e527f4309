package org.layerwise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;
import org.layerwise.testing.Golden;

/** The golden model on a GPU, where there is one. */
class CudaTest {

    @Test
    void logitsAndGradientsOnAGpu() {
        TensorEngine engine = Engines.shared();
        assumeTrue(engine.devices().contains(Device.cuda(0)), "skipped: no CUDA device");
        Device gpu = Device.cuda(0);
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
            assertThat(logits.doubles()).containsExactly(Golden.doubles(golden, "logits"), within(1e-4));
            logits.sum().backward();
            assertThat(leaf.gradient().norm().item()).isPositive();
        }
    }
}
