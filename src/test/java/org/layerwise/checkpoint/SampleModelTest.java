package org.layerwise.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.tensor.DType;

/** The real sample model, converted; its numbers against those of the ONNX file read in Python. */
class SampleModelTest {

    private static final int LAYERS = 12;

    @TempDir
    static Path shared;

    private static final List<Double> REPORTED = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    Path folder;

    @BeforeAll
    static void convertOnceForTwoThreads() {
        Progress both = progress(REPORTED, 2);
        CompletableFuture<Path> other = CompletableFuture.supplyAsync(() -> SampleModel.provide(shared, both));
        Path first = SampleModel.provide(shared, both);
        assertThat(other.join()).isEqualTo(first).isEqualTo(shared.resolve("bge-small-en-v1.5"));
    }

    @Test
    void hasTheTensorsOfBertModelAndNoOthers() {
        List<String> expected = new ArrayList<>(List.of(
                "embeddings.word_embeddings.weight",
                "embeddings.position_embeddings.weight",
                "embeddings.token_type_embeddings.weight",
                "embeddings.LayerNorm.weight",
                "embeddings.LayerNorm.bias"));
        for (int layer = 0; layer < LAYERS; layer++) {
            for (String module : List.of(
                    "attention.self.query",
                    "attention.self.key",
                    "attention.self.value",
                    "attention.output.dense",
                    "attention.output.LayerNorm",
                    "intermediate.dense",
                    "output.dense",
                    "output.LayerNorm")) {
                expected.add("encoder.layer.%s.%s.weight".formatted(layer, module));
                expected.add("encoder.layer.%s.%s.bias".formatted(layer, module));
            }
        }
        try (Checkpoint checkpoint = open()) {
            assertThat(checkpoint.names()).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(checkpoint.names())
                    .allSatisfy(
                            name -> assertThat(checkpoint.entry(name).type()).isEqualTo(DType.F32));
        }
    }

    @Test
    void hasTheShapesOfPyTorchsLinear() {
        try (Checkpoint checkpoint = open()) {
            checkpoint.require("embeddings.word_embeddings.weight", 30522, 384);
            checkpoint.require("embeddings.position_embeddings.weight", 512, 384);
            checkpoint.require("embeddings.token_type_embeddings.weight", 2, 384);
            for (int layer = 0; layer < LAYERS; layer++) {
                String prefix = "encoder.layer." + layer + ".";
                checkpoint.require(prefix + "attention.self.value.weight", 384, 384);
                checkpoint.require(prefix + "attention.output.dense.bias", 384);
                checkpoint.require(prefix + "intermediate.dense.weight", 1536, 384);
                checkpoint.require(prefix + "intermediate.dense.bias", 1536);
                checkpoint.require(prefix + "output.dense.weight", 384, 1536);
                checkpoint.require(prefix + "output.LayerNorm.weight", 384);
            }
            long parameters = checkpoint.names().stream()
                    .mapToLong(name -> checkpoint.entry(name).elements())
                    .sum();
            assertThat(parameters).isEqualTo(33_212_160);
        }
    }

    @Test
    void hasTheNumbersOfTheOnnxFile() {
        JsonNode weights = Json.read(Golden.path("sample_model.json")).path("weights");
        assertThat(weights.size()).isEqualTo(12);
        try (Checkpoint checkpoint = open()) {
            for (JsonNode weight : weights) {
                String name = weight.path("name").asText();
                long columns = checkpoint.entry(name).shape()[1];
                int row = weight.path("at").get(0).asInt();
                int column = weight.path("at").get(1).asInt();
                float value = checkpoint.bytes(name).asFloatBuffer().get((int) (row * columns + column));
                assertThat((double) value)
                        .as("%s[%d, %d]", name, row, column)
                        .isEqualTo(weight.path("value").asDouble());
            }
        }
    }

    @Test
    void hasFiniteWeightsOfSensibleSize() {
        try (Checkpoint checkpoint = open()) {
            for (String name : checkpoint.names()) {
                FloatBuffer values = checkpoint.bytes(name).asFloatBuffer();
                double squares = 0;
                int count = values.remaining();
                while (values.hasRemaining()) {
                    float value = values.get();
                    squares += (double) value * value;
                }
                assertThat(Math.sqrt(squares / count)).as(name).isBetween(1e-4, 10.0);
            }
        }
    }

    @Test
    void describesItselfInConfigTokenizerAndModelCard() {
        try (Checkpoint checkpoint = open()) {
            JsonNode config = checkpoint.config();
            assertThat(config.path("architectures").get(0).asText()).isEqualTo("BertModel");
            assertThat(config.path("model_type").asText()).isEqualTo("bert");
            assertThat(config.path("num_hidden_layers").asInt()).isEqualTo(12);
            assertThat(config.path("num_attention_heads").asInt()).isEqualTo(12);
            assertThat(config.path("hidden_size").asInt()).isEqualTo(384);
            assertThat(config.path("intermediate_size").asInt()).isEqualTo(1536);
            assertThat(config.path("vocab_size").asInt()).isEqualTo(30522);
            assertThat(config.path("max_position_embeddings").asInt()).isEqualTo(512);
            assertThat(config.path("type_vocab_size").asInt()).isEqualTo(2);
            assertThat(config.path("layer_norm_eps").asDouble()).isEqualTo(1e-12);
            JsonNode tokenizer = Json.read(checkpoint.tokenizer().orElseThrow());
            assertThat(tokenizer.path("model").path("vocab").path("[CLS]").asInt())
                    .isEqualTo(101);
            assertThat(checkpoint.folder().resolve("README.md")).content().contains("license: mit");
        }
    }

    @Test
    void reportsProgressFromStartToEnd() {
        // the thread that only waited does not know how long; one conversion, so one rise
        List<Double> fractions = REPORTED.stream().filter(f -> f >= 0).toList();
        assertThat(fractions).isSorted();
        assertThat(fractions.get(fractions.size() - 1)).isCloseTo(1, within(1e-9));
        assertThat(fractions).hasSizeGreaterThan(300);
    }

    @Test
    void returnsAtOnceWhenItIsThere() throws IOException {
        Path weights = shared.resolve(SampleModel.NAME).resolve("model.safetensors");
        FileTime before = Files.getLastModifiedTime(weights);
        long start = System.nanoTime();
        Progress silent = progress(new ArrayList<>(), -1);
        SampleModel.provide(shared, silent);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
        assertThat(Files.getLastModifiedTime(weights)).isEqualTo(before);
    }

    @Test
    void makesDamagedFolderAnewAndClearsLeftovers() throws IOException {
        Path damaged = Files.createDirectory(folder.resolve(SampleModel.NAME));
        Files.writeString(damaged.resolve("config.json"), "{}");
        Files.write(damaged.resolve("model.safetensors"), new byte[100]);
        Path leftover = Files.createDirectory(folder.resolve("." + SampleModel.NAME + ".part123"));
        Files.writeString(leftover.resolve("model.safetensors"), "half");

        Path made = SampleModel.provide(folder, Progress.none());

        assertThat(made.resolve("model.safetensors"))
                .hasSameBinaryContentAs(shared.resolve(SampleModel.NAME).resolve("model.safetensors"));
        assertThat(visible(folder)).containsExactly(SampleModel.NAME);
        assertThat(leftover).doesNotExist();
    }

    @Test
    @Timeout(60)
    void twoProcessesDoNotDisturbEachOther() throws Exception {
        List<Process> processes = List.of(start(folder), start(folder));
        List<String> outputs = new ArrayList<>();
        for (Process process : processes) {
            outputs.add(new String(process.getInputStream().readAllBytes(), Charset.defaultCharset()).strip());
            assertThat(process.waitFor()).as(outputs.toString()).isZero();
        }
        assertThat(outputs).containsExactlyInAnyOrder("converted", "found");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(SampleModel.NAME, "." + SampleModel.NAME + ".lock");
        }
    }

    @Test
    void cancelsWhileReading() {
        List<Double> reported = new ArrayList<>();
        assertThatThrownBy(() -> SampleModel.provide(folder, progress(reported, 0.3)))
                .isInstanceOf(CancelledException.class);
        assertThat(reported.get(reported.size() - 1)).isBetween(0.3, 0.7);
        assertThat(folder.resolve(SampleModel.NAME)).doesNotExist();
    }

    @Test
    void cancelsWhileWritingAndLeavesNothing() throws IOException {
        List<Double> reported = new ArrayList<>();
        assertThatThrownBy(() -> SampleModel.provide(folder, progress(reported, 0.75)))
                .isInstanceOf(CancelledException.class);
        assertThat(reported).isSorted();
        assertThat(reported.get(reported.size() - 1)).isBetween(0.75, 0.99);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactly("." + SampleModel.NAME + ".lock");
        }
    }

    @Test
    void namesTheFolderThatCannotBeWritten() throws IOException {
        Path file = Files.writeString(folder.resolve("models"), "");
        assertThatThrownBy(() -> SampleModel.provide(file, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(file.toString());
    }

    private static Checkpoint open() {
        return Checkpoint.open(SampleModel.provide(shared, Progress.none()));
    }

    /** Records what is reported and is cancelled from a fraction on. */
    private static Progress progress(List<Double> reported, double cancelFrom) {
        return new Progress() {
            @Override
            public void report(double fraction, String message) {
                reported.add(fraction);
            }

            @Override
            public boolean cancelled() {
                return !reported.isEmpty() && reported.get(reported.size() - 1) >= cancelFrom;
            }
        };
    }

    private static Process start(Path models) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        java,
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SampleModelProcess.class.getName(),
                        models.toString())
                .redirectErrorStream(true)
                .start();
    }

    private static List<String> visible(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .toList();
        }
    }
}
