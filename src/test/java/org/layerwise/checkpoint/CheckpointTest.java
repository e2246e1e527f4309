package org.layerwise.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.UserException;
import org.layerwise.tensor.DType;

class CheckpointTest {

    private static final String SECOND_SHARD = "model-00002-of-00003.safetensors";

    @TempDir
    Path folder;

    @Test
    void opensSingleFileFolder() {
        try (Checkpoint checkpoint = Checkpoint.open(Golden.path("bert"))) {
            assertThat(checkpoint.name()).isEqualTo("bert");
            assertThat(checkpoint.config().path("model_type").asText()).isEqualTo("bert");
            assertThat(checkpoint.tokenizer()).isEmpty();
            assertThat(checkpoint.names()).hasSize(73);
            assertThat(checkpoint.has("classifier.weight")).isTrue();
            assertThat(checkpoint.has("pooler.weight")).isFalse();
            assertThat(checkpoint.file("classifier.weight"))
                    .isEqualTo(checkpoint.folder().resolve("model.safetensors"));
            assertThat(checkpoint.bytes("classifier.weight").getFloat()).isEqualTo(0.004668948f);
        }
    }

    @Test
    void opensShardsInBfloat16() {
        try (Checkpoint checkpoint = Checkpoint.open(Golden.path("llama_sharded_bf16"))) {
            assertThat(checkpoint.names()).hasSize(39).startsWith("model.embed_tokens.weight");
            assertThat(checkpoint.names()).allSatisfy(name -> {
                TensorEntry entry = checkpoint.entry(name);
                assertThat(entry.type()).isEqualTo(DType.BF16);
                assertThat((long) checkpoint.bytes(name).remaining()).isEqualTo(entry.bytes());
            });
            String name = "model.layers.1.mlp.down_proj.weight";
            assertThat(checkpoint.file(name).getFileName()).hasToString(SECOND_SHARD);
            ShortBuffer values = checkpoint.bytes(name).asShortBuffer();
            assertThat(Float.intBitsToFloat(values.get(0) << 16)).isEqualTo(0.05859375f);
            assertThat(Float.intBitsToFloat(values.get(1) << 16)).isEqualTo(-0.15917969f);
        }
    }

    @Test
    void findsTokenizer() throws IOException {
        copy("bert");
        Path tokenizer = Files.writeString(folder.resolve("tokenizer.json"), "{}");
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.tokenizer()).contains(tokenizer);
        }
    }

    @Test
    void requiresShapes() {
        try (Checkpoint checkpoint = Checkpoint.open(Golden.path("bert"))) {
            assertThat(checkpoint.require("classifier.weight", 3, 48).elements())
                    .isEqualTo(144);
            assertRefused(() -> checkpoint.require("classifier.weight", 3, 64))
                    .hasMessageContainingAll(
                            "model.safetensors", "'classifier.weight'", "[3, 48]", "[3, 64]", "config.json");
            assertRefused(() -> checkpoint.require("pooler.weight", 1))
                    .hasMessageContainingAll("model.safetensors has no tensor 'pooler.weight'");
            assertRefused(() -> checkpoint.bytes("pooler.weight")).hasMessageContaining("'pooler.weight'");
        }
    }

    @Test
    void namesTheIndexWhereShardsLackTensor() {
        try (Checkpoint checkpoint = Checkpoint.open(Golden.path("llama_sharded_bf16"))) {
            assertRefused(() -> checkpoint.entry("score.weight"))
                    .hasMessageContaining("model.safetensors.index.json has no tensor 'score.weight'");
        }
    }

    @Test
    void missingFolder() {
        assertRefused(() -> Checkpoint.open(folder.resolve("absent"))).hasMessageContaining("There is no folder");
    }

    @Test
    void fileInsteadOfFolder() {
        assertRefused(() -> Checkpoint.open(Golden.path("bert/config.json"))).hasMessageContaining("is a file");
    }

    @Test
    void folderWithoutConfig() throws IOException {
        copy("bert");
        Files.delete(folder.resolve("config.json"));
        assertRefused(() -> Checkpoint.open(folder)).hasMessageContainingAll(folder.toString(), "has no config.json");
    }

    @Test
    void configNotAnObject() throws IOException {
        copy("bert");
        Files.writeString(folder.resolve("config.json"), "[]");
        assertRefused(() -> Checkpoint.open(folder)).hasMessageContaining("config.json is not a JSON object");
        Files.writeString(folder.resolve("config.json"), "{");
        assertRefused(() -> Checkpoint.open(folder)).hasMessageContaining("config.json is not valid JSON");
    }

    @Test
    void folderWithoutWeights() throws IOException {
        copy("bert");
        Files.delete(folder.resolve("model.safetensors"));
        assertRefused(() -> Checkpoint.open(folder)).hasMessageContaining("neither model.safetensors nor");
    }

    @Test
    void missingShard() throws IOException {
        copy("llama_sharded_bf16");
        Files.delete(folder.resolve(SECOND_SHARD));
        assertRefused(() -> Checkpoint.open(folder))
                .hasMessageContainingAll("index.json", SECOND_SHARD, folder.toString());
    }

    @Test
    void truncatedShard() throws IOException {
        copy("llama_sharded_bf16");
        Path shard = folder.resolve(SECOND_SHARD);
        byte[] whole = Files.readAllBytes(shard);
        Files.write(shard, Arrays.copyOf(whole, whole.length / 2));
        assertRefused(() -> Checkpoint.open(folder)).hasMessageContainingAll(SECOND_SHARD, "truncated");
    }

    @Test
    void tensorOfIndexMissingInShard() throws IOException {
        copy("llama_sharded_bf16");
        SafetensorsWriter.write(
                folder.resolve(SECOND_SHARD),
                List.of(SafetensorsWriter.Named.of("other", new float[] {1}, 1)),
                Map.of());
        assertRefused(() -> Checkpoint.open(folder))
                .hasMessageContainingAll(SECOND_SHARD, "has no tensor 'model.layers.1");
    }

    @Test
    void indexWithoutWeightMap() throws IOException {
        copy("llama_sharded_bf16");
        Files.writeString(folder.resolve("model.safetensors.index.json"), "{\"metadata\":{}}");
        assertRefused(() -> Checkpoint.open(folder)).hasMessageContaining("has no weight_map");
    }

    @Test
    void indexThatPointsOutOfTheFolder() throws IOException {
        Path inner = Files.createDirectory(folder.resolve("inner"));
        Files.writeString(inner.resolve("config.json"), "{}");
        SafetensorsWriter.write(
                folder.resolve("outside.safetensors"),
                List.of(SafetensorsWriter.Named.of("w", new float[] {1}, 1)),
                Map.of());
        for (String shard : List.of("../outside.safetensors", folder + "/outside.safetensors")) {
            Files.writeString(
                    inner.resolve("model.safetensors.index.json"),
                    "{\"weight_map\":{\"w\":\"%s\"}}".formatted(shard.replace("\\", "\\\\")));
            assertRefused(() -> Checkpoint.open(inner)).hasMessageContaining("outside.safetensors, which is not in");
        }
    }

    private void copy(String golden) throws IOException {
        try (Stream<Path> files = Files.list(Golden.path(golden))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName().toString()));
            }
        }
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(ThrowingCallable call) {
        return assertThatThrownBy(call).isInstanceOf(UserException.class);
    }
}
