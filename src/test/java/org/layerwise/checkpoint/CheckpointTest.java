package org.layerwise.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
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
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
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
    void weightsThatAreALinkToNowhere() throws IOException {
        copy("bert");
        Path weights = folder.resolve("model.safetensors");
        Files.delete(weights);
        Files.createSymbolicLink(weights, folder.resolve("gone"));
        assertRefused(() -> Checkpoint.open(folder))
                .hasMessage(
                        weights + " is a link that leads nowhere; put the file there, or download the model again.");
    }

    @Test
    void configNotAnObject() throws IOException {
        copy("bert");
        Files.writeString(folder.resolve("config.json"), "[]");
        assertRefused(() -> Checkpoint.open(folder)).hasMessageContaining("config.json is not a JSON object");
        Files.writeString(folder.resolve("config.json"), "{");
        assertRefused(() -> Checkpoint.open(folder)).hasMessageContaining("config.json is not valid JSON");
    }

    /** transformers takes the adapter where PEFT is installed, with the base model that it names, and not these weights. */
    @Test
    void anAdapterBesideTheWeights() throws IOException {
        copy("bert");
        Files.copy(Golden.path("lora_bert/adapter_final/adapter_config.json"), folder.resolve("adapter_config.json"));
        assertRefused(() -> Checkpoint.open(folder))
                .hasMessageContainingAll(folder + " holds an adapter, too", "move the adapter's files");
        assertRefused(() -> Checkpoint.outline(folder)).hasMessageContaining("holds an adapter, too");
        Files.delete(folder.resolve("model.safetensors"));
        assertRefused(() -> Checkpoint.open(folder)).hasMessageContaining("neither model.safetensors nor");
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
    void tensorOfTwoShards() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{}");
        Files.writeString(
                folder.resolve("model.safetensors.index.json"),
                "{\"weight_map\":{\"w\":\"a.safetensors\",\"v\":\"b.safetensors\"}}");
        SafetensorsWriter.Named w = SafetensorsWriter.Named.of("w", new float[] {1, 2}, 2);
        SafetensorsWriter.Named v = SafetensorsWriter.Named.of("v", new float[] {3}, 1);
        SafetensorsWriter.write(folder.resolve("a.safetensors"), List.of(w), Map.of());
        Path second = folder.resolve("b.safetensors");

        SafetensorsWriter.write(second, List.of(v, w), Map.of());
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.names()).containsExactlyInAnyOrder("v", "w");
        }
        for (SafetensorsWriter.Named other : List.of(
                SafetensorsWriter.Named.of("w", new float[] {1, 2.5f}, 2),
                SafetensorsWriter.Named.of("w", new float[] {1, 2}, 2, 1))) {
            SafetensorsWriter.write(second, List.of(v, other), Map.of());
            assertRefused(() -> Checkpoint.open(folder))
                    .hasMessageContainingAll("a.safetensors and b.safetensors hold different values of tensor 'w'");
        }
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

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void linksThatLeadOutOfTheFolder() throws IOException {
        Path inner = Files.createDirectory(folder.resolve("inner"));
        for (String name : List.of("config.json", "model.safetensors")) {
            Files.copy(Golden.path("bert").resolve(name), inner.resolve(name));
        }
        for (String name : List.of("config.json", "model.safetensors")) {
            Path outside = folder.resolve(name);
            Files.move(inner.resolve(name), outside);
            Files.createSymbolicLink(inner.resolve(name), Path.of("..", name));
            assertRefused(() -> Checkpoint.open(inner))
                    .hasMessage(
                            "%s is a link to %s, outside the model's folder; put a copy of the file there instead.",
                            inner.resolve(name), outside.toRealPath());
            Files.delete(inner.resolve(name));
            Files.move(outside, inner.resolve(name));
        }
        Files.createSymbolicLink(inner.resolve("tokenizer.json"), Files.writeString(folder.resolve("t"), "{}"));
        try (Checkpoint checkpoint = Checkpoint.open(inner)) {
            assertRefused(checkpoint::tokenizer).hasMessageContaining("outside the model's folder");
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void linksWithinTheFolderAndOfTheHubsCache() throws IOException {
        Path inner = Files.createDirectory(folder.resolve("inner"));
        Path weights = Files.copy(Golden.path("bert/model.safetensors"), inner.resolve("weights"));
        Files.copy(Golden.path("bert/config.json"), inner.resolve("config.json"));
        Files.createSymbolicLink(inner.resolve("model.safetensors"), weights.getFileName());
        Checkpoint.open(inner).close();
        // the folder itself may be reached by a link
        Checkpoint.open(Files.createSymbolicLink(folder.resolve("link"), inner)).close();

        Path model = folder.resolve("models--org--name");
        Path blobs = Files.createDirectories(model.resolve("blobs"));
        Path snapshot = Files.createDirectories(model.resolve("snapshots/abc"));
        Files.copy(weights, blobs.resolve("w"));
        Files.copy(inner.resolve("config.json"), blobs.resolve("c"));
        Files.createSymbolicLink(snapshot.resolve("model.safetensors"), Path.of("../../blobs/w"));
        Files.createSymbolicLink(snapshot.resolve("config.json"), Path.of("../../blobs/c"));
        Checkpoint.open(snapshot).close();

        Files.delete(snapshot.resolve("config.json"));
        Path other = Files.createDirectories(folder.resolve("models--org--other/blobs"));
        Files.copy(inner.resolve("config.json"), other.resolve("c"));
        Files.createSymbolicLink(snapshot.resolve("config.json"), other.resolve("c"));
        assertRefused(() -> Checkpoint.open(snapshot)).hasMessageContaining("outside the model's folder");
    }

    @Test
    void hugeConfigurationsAreRefusedByName() throws IOException {
        copy("llama_sharded_bf16");
        Path index = folder.resolve("model.safetensors.index.json");
        enlarge(index, (100L << 20) + 1);
        assertRefused(() -> Checkpoint.open(folder)).hasMessageContainingAll(index.toString(), "100 MiB");
        Path config = folder.resolve("config.json");
        enlarge(config, (32L << 20) + 1);
        assertRefused(() -> Checkpoint.open(folder)).hasMessageContainingAll(config.toString(), "32 MiB");
    }

    @Test
    void foldersWithOtherWeightsSayWhatIsThere() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{}");
        Files.writeString(folder.resolve("training_args.bin"), "");
        assertRefused(() -> Checkpoint.open(folder)).hasMessageContaining("neither model.safetensors nor");

        Path pickle = Files.writeString(folder.resolve("pytorch_model.bin"), "");
        assertRefused(() -> Checkpoint.open(folder))
                .hasMessage(
                        "%s has its weights only in pytorch_model.bin, and a pickle can run any code when it is loaded;"
                                + " save the model with transformers' save_pretrained(safe_serialization=True) instead.",
                        folder);
        Files.delete(pickle);
        for (String name : List.of("model.Q4_K_M.gguf", "tf_model.h5", "flax_model.msgpack", "model.onnx")) {
            Path file = Files.writeString(folder.resolve(name), "");
            assertRefused(() -> Checkpoint.open(folder)).hasMessageContainingAll("only in " + name, "instead.");
            Files.delete(file);
        }
        for (int i = 1; i <= 5; i++) {
            Files.writeString(folder.resolve("pytorch_model-0000%s-of-00005.bin".formatted(i)), "");
        }
        assertRefused(() -> Checkpoint.open(folder)).hasMessageContaining("00003-of-00005.bin and 2 more");
    }

    private static void enlarge(Path file, long size) throws IOException {
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(size);
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
