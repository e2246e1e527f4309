package org.layerwise.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.model.layer.LinearAdapter;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;
import org.layerwise.testing.Golden;

/** Forward passes of a tiny BERT: parameters, memory, adapters and dropout. Its numbers are in {@link FamilyGoldenTest}. */
class BertForwardTest {

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();
    private SafetensorsFile golden;
    private TransformerModel model;

    @BeforeEach
    void load() {
        golden = SafetensorsFile.open(Golden.folder("bert").resolve("golden.safetensors"));
        model = TransformerModel.load(
                engine, Checkpoint.open(Golden.folder("bert")), Engines.device(), Progress.none());
    }

    @AfterEach
    void close() {
        model.close();
        golden.close();
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    @Test
    void everyNumberOfTheCheckpointIsAParameter() {
        try (TensorOwner owner = engine.owner()) {
            model.head(owner, 3, 0);
        }
        assertThat(model.parameters())
                .isEqualTo(model.checkpoint().names().stream()
                        .mapToLong(name -> model.checkpoint().entry(name).elements())
                        .sum());
    }

    @Test
    void fiftyForwardsLeaveNothingBehind() {
        TokenBatch batch = Golden.batch(golden);
        int before = engine.liveTensors();
        for (int i = 0; i < 50; i++) {
            try (Scope scope = engine.inference()) {
                model.transformer().forward(model.input(batch));
            }
        }
        assertThat(engine.liveTensors()).isEqualTo(before);
    }

    @Test
    void anAdapterSeesInputAndOutputOfItsLinearMapAlone() {
        String name = "bert.encoder.layer.2.output.dense";
        try (Scope scope = engine.inference()) {
            ModelInput input = model.input(Golden.batch(golden));
            Tensor plain = model.transformer().forward(input);
            Tensor same = model.transformer()
                    .with(Map.<String, LinearAdapter>of(name, (map, x, y) -> {
                        assertThat(x.size(-1)).isEqualTo(96);
                        assertThat(y.size(-1)).isEqualTo(48);
                        return y;
                    }))
                    .forward(input);
            assertThat(same.sub(plain).abs().max().item()).isZero();
            Tensor changed = model.transformer()
                    .with(Map.<String, LinearAdapter>of(name, (map, x, y) -> y.mul(2)))
                    .forward(input);
            assertThat(changed.sub(plain).abs().max().item()).isGreaterThan(1e-3);
        }
    }

    @Test
    void dropoutChangesTrainingOnly() {
        try (Scope scope = engine.inference()) {
            ModelInput input = model.input(Golden.batch(golden));
            Tensor plain = model.transformer().forward(input);
            engine.seed(1);
            Tensor dropped = model.transformer().with(model.config().dropout()).forward(input);
            assertThat(dropped.sub(plain).abs().max().item()).isGreaterThan(1e-2);
        }
    }
}
