package org.layerwise.lora;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.model.TransformerModel;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.FuzzRounds;
import org.layerwise.testing.Golden;
import org.layerwise.testing.GoldenBert;
import org.layerwise.testing.Mutations;

/** A mutated adapter attaches to its model or is refused in one sentence. */
class AdapterFuzzTest {

    private static final int ROUNDS = 500;
    private static final String CONFIG = "adapter_config.json";

    private final TensorEngine engine = Engines.shared();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"lora_bert", "lora_bert_bias", "lora_bert_dora"})
    void configurations(String fixture) throws IOException {
        byte[] text = Files.readAllBytes(adapter(fixture).resolve(CONFIG));
        Path config = copy(fixture, CONFIG);
        copy(fixture, PeftAdapter.WEIGHTS);
        Mutations mutations = new Mutations(fixture.hashCode());
        attach("adapter-config-" + fixture, config, () -> Files.write(config, mutations.json(text)));
    }

    @Test
    void weights() throws IOException {
        byte[] whole = Files.readAllBytes(adapter("lora_bert").resolve(PeftAdapter.WEIGHTS));
        copy("lora_bert", CONFIG);
        Path weights = copy("lora_bert", PeftAdapter.WEIGHTS);
        Mutations mutations = new Mutations(4);
        attach("adapter-weights", weights, () -> {
            Files.deleteIfExists(weights);
            Files.write(weights, mutations.safetensors(whole));
        });
    }

    private void attach(String name, Path file, FuzzRounds.Reading mutate) throws IOException {
        int liveBefore = engine.liveTensors();
        try (TransformerModel base = GoldenBert.model(engine)) {
            int live = engine.liveTensors();
            attach(base); // accepted as long as nothing is changed
            FuzzRounds.Outcome outcome = new FuzzRounds(name, ROUNDS, file).run(round -> {
                mutate.run();
                boolean valid = FuzzRounds.isAccepted(() -> attach(base));
                assertThat(engine.liveTensors()).isEqualTo(live);
                return valid;
            });
            assertThat(outcome.validShare()).isLessThan(0.9);
        }
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    private void attach(TransformerModel base) {
        AdaptedModel.load(base, PeftAdapter.read(folder, engine), 0).close();
    }

    private Path copy(String fixture, String name) throws IOException {
        return Files.copy(adapter(fixture).resolve(name), folder.resolve(name));
    }

    private static Path adapter(String fixture) {
        return Golden.folder(fixture).resolve("adapter_final");
    }
}
