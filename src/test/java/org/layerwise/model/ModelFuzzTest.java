package org.layerwise.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.checkpoint.SafetensorsWriter;
import org.layerwise.checkpoint.TensorEntry;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.DType;
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
                "v5/modernbert_v5",
                "quantised/awq_gemm",
                "quantised/bnb_nf4_double",
                "quantised/ct_pack_int4",
                "quantised/fp8_block",
                "quantised/gptq_int4"
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
            FuzzRounds.Outcome outcome = new FuzzRounds("config-" + fixture.replace('/', '-'), ROUNDS, config)
                    .run(round -> {
                        Files.write(config, mutations.json(text));
                        boolean valid = FuzzRounds.isAccepted(() -> forward(batch));
                        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
                        return valid;
                    });
            assertThat(outcome.validShare()).isBetween(0.02, 0.9);
        }
    }

    /** Codes, scales and tables that are missing, of another type or shape, or random. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "awq_gemm",
                "bnb_int8",
                "bnb_nf4",
                "bnb_nf4_double",
                "ct_float8",
                "ct_pack_int4",
                "fp8_block_bf16",
                "gptq_int4",
                "mxfp4_gpt_oss"
            })
    void partsOfQuantisedTensors(String format) throws IOException {
        Path golden = Golden.folder("quantised/" + format);
        Files.copy(golden.resolve(Checkpoint.CONFIG), folder.resolve(Checkpoint.CONFIG));
        Path weights = folder.resolve("model.safetensors");
        Random random = new Random(format.hashCode());
        int liveBefore = engine.liveTensors();
        try (SafetensorsFile states = SafetensorsFile.open(golden.resolve("golden.safetensors"));
                SafetensorsFile stored = SafetensorsFile.open(golden.resolve("model.safetensors"))) {
            TokenBatch batch = Golden.batch(states);
            FuzzRounds.Outcome outcome = new FuzzRounds("parts-" + format, ROUNDS, weights).run(round -> {
                SafetensorsWriter.write(weights, mutated(stored, random), Map.of());
                boolean valid = FuzzRounds.isAccepted(() -> forward(batch));
                assertThat(engine.liveTensors()).isEqualTo(liveBefore);
                return valid;
            });
            assertThat(outcome.validShare()).isBetween(0.02, 0.9);
        }
    }

    private static List<SafetensorsWriter.Named> mutated(SafetensorsFile file, Random random) {
        List<String> names = List.copyOf(file.names());
        String victim = names.get(random.nextInt(names.size()));
        List<SafetensorsWriter.Named> tensors = new ArrayList<>();
        for (String name : names) {
            TensorEntry entry = file.entry(name);
            byte[] bytes = new byte[(int) entry.bytes()];
            file.bytes(name).get(bytes);
            DType type = entry.type();
            long[] shape = entry.shape();
            int kind = name.equals(victim) ? random.nextInt(5) : -1;
            if (kind == 0) {
                continue;
            } else if (kind == 1) {
                List<DType> alike = Stream.of(DType.values())
                        .filter(other -> other.bytes() == entry.type().bytes())
                        .toList();
                type = alike.get(random.nextInt(alike.size()));
            } else if (kind == 2) {
                shape = new long[] {entry.elements()};
            } else if (kind == 3) {
                long half = entry.elements() / 2;
                shape = new long[] {half};
                bytes = Arrays.copyOf(bytes, (int) (half * type.bytes()));
            } else if (kind == 4) {
                random.nextBytes(bytes);
            }
            tensors.add(SafetensorsWriter.Named.of(name, type, shape, ByteBuffer.wrap(bytes)));
        }
        return tensors;
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
