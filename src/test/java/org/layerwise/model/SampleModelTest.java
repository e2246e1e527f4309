package org.layerwise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.Progress;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SampleModel;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;
import org.layerwise.testing.Golden;

/** The converted sample model against ONNX Runtime on the original. */
class SampleModelTest {

    private final TensorEngine engine = Engines.shared();

    @Test
    void givesWhatOnnxRuntimeGives(@TempDir Path folder) {
        JsonNode sequences = Json.read(Golden.folder("sample_model.json")).path("sequences");
        assertThat(sequences).isNotEmpty();
        try (TransformerModel model = TransformerModel.load(
                engine,
                Checkpoint.open(SampleModel.provide(folder, Progress.none())),
                Engines.device(),
                Progress.none())) {
            assertThat(model.config().layers()).isEqualTo(12);
            for (JsonNode sequence : sequences) {
                long[] ids = new long[sequence.path("input_ids").size()];
                Arrays.setAll(ids, i -> sequence.path("input_ids").path(i).asLong());
                long[] mask = new long[ids.length];
                Arrays.fill(mask, 1);
                try (Scope scope = engine.inference()) {
                    double[] first = model.transformer()
                            .forward(model.input(new TokenBatch(1, ids.length, ids, new long[ids.length], mask)))
                            .select(1, 0)
                            .doubles();
                    for (int i = 0; i < 8; i++) {
                        assertThat(first[i])
                                .isCloseTo(
                                        sequence.path("first_token_values")
                                                .path(i)
                                                .asDouble(),
                                        within(1e-4));
                    }
                }
            }
            headIsFreshAndFollowsItsSeed(model);
        }
    }

    private void headIsFreshAndFollowsItsSeed(TransformerModel model) {
        assertThat(model.storedLabels()).isEmpty();
        try (TensorOwner owner = engine.owner();
                Scope scope = engine.inference()) {
            LoadedHead head = model.head(owner, 8, 42);
            assertThat(head.fresh()).containsExactlyInAnyOrder("bert.pooler.dense", "classifier");
            double[] weights = head.head().classifier().matrix().doubles();
            assertThat(Arrays.stream(weights).map(w -> w * w).average().orElseThrow())
                    .isCloseTo(0.02 * 0.02, within(0.02 * 0.02 * 0.1));
            assertThat(model.head(owner, 8, 42).head().classifier().matrix().doubles())
                    .containsExactly(weights);
            assertThat(model.head(owner, 8, 43).head().classifier().matrix().doubles())
                    .isNotEqualTo(weights);
        }
    }
}
