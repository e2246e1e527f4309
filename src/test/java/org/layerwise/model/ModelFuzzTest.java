package org.layerwise.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.FuzzRounds;
import org.layerwise.testing.Golden;
import org.layerwise.testing.Mutations;

/** A checkpoint with a mutated config.json runs or is refused in one sentence; it never ends the process. */
class ModelFuzzTest {

    private static final int ROUNDS = 200;

    private final TensorEngine engine = Engines.shared();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert",
                "deberta_v3",
                "distilbert",
                "electra",
                "gemma2_seqcls",
                "gpt2",
                "llama_dynamic",
                "llama_seqcls",
                "llama_yarn",
                "modernbert",
                "phi3_longrope",
                "qwen3_window",
                "roberta",
                "v5/llama_v5_yarn",
                "v5/modernbert_v5"
            })
    void configurations(String fixture) throws IOException {
        Path golden = Golden.folder(fixture);
        Files.copy(golden.resolve("model.safetensors"), folder.resolve("model.safetensors"));
        Path config = folder.resolve(Checkpoint.CONFIG);
        byte[] text = Files.readAllBytes(golden.resolve(Checkpoint.CONFIG));
        Mutations mutations = new Mutations(fixture.hashCode());
        int liveBefore = engine.liveTensors();
        try (SafetensorsFile states = SafetensorsFile.open(golden.resolve("golden.safetensors"))) {
            TokenBatch batch = Golden.batch(states);
            FuzzRounds.Outcome outcome = new FuzzRounds("config-" + fixture, ROUNDS, config).run(round -> {
                Files.write(config, mutations.json(text));
                boolean valid = FuzzRounds.isAccepted(() -> forward(batch));
                assertThat(engine.liveTensors()).isEqualTo(liveBefore);
                return valid;
            });
            assertThat(outcome.validShare()).isBetween(0.02, 0.9);
        }
    }

    private void forward(TokenBatch batch) {
        try (TransformerModel model =
                        TransformerModel.load(engine, Checkpoint.open(folder), Engines.device(), Progress.none());
                Scope scope = engine.inference()) {
            assertThat(model.transformer().forward(model.input(batch)).doubles())
                    .hasSize(batch.ids().length * model.config().hiddenSize());
        }
    }
}
