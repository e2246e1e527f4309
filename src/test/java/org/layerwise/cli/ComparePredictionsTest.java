package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.json.Json;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.testing.Golden;

/** What {@code compare-predictions} tells, beside what transformers and PEFT compute. */
class ComparePredictionsTest {

    /** Tolerance of float32 logits in two implementations. */
    private static final double CLOSE = 2e-5;

    @TempDir
    Path folder;

    private CommandLineFixture cli;

    @BeforeEach
    void open() {
        cli = new CommandLineFixture(folder);
    }

    private static JsonNode golden(String name) {
        return Json.read(Golden.folder("predictions.json")).path(name);
    }

    private void compared(JsonNode golden, String... args) throws IOException {
        Path out = folder.resolve("compared.json");
        Path rows = folder.resolve("rows.csv");
        String[] all = Stream.concat(Stream.of(args), Stream.of("--device=cpu", "--out=" + out, "--rows=" + rows))
                .toArray(String[]::new);
        assertThat(cli.run(all)).as(String.join("\n", cli.errLines())).isEqualTo(ExitCode.OK);

        List<String> lines = Files.readAllLines(rows);
        assertThat(lines).hasSize(golden.size() + 1).startsWith("row,predictions,divergence_bits,disagreement");
        double sum = 0;
        int predictions = 0;
        int disagreements = 0;
        for (int row = 0; row < golden.size(); row++) {
            String[] cells = lines.get(row + 1).split(",");
            int count = golden.path(row).path("predictions").asInt();
            assertThat(cells[0]).isEqualTo(String.valueOf(row + 1));
            assertThat(cells[1]).isEqualTo(String.valueOf(count));
            assertThat(Double.parseDouble(cells[2]) * count)
                    .isCloseTo(golden.path(row).path("divergence").asDouble(), within(CLOSE * count));
            assertThat(Double.parseDouble(cells[3]) * count)
                    .isCloseTo(golden.path(row).path("disagreements").asInt(), within(1e-9));
            sum += golden.path(row).path("divergence").asDouble();
            predictions += count;
            disagreements += golden.path(row).path("disagreements").asInt();
        }
        JsonNode json = Json.read(out);
        assertThat(json.path("rows").asInt()).isEqualTo(golden.size());
        assertThat(json.path("divergence_bits").asDouble()).isCloseTo(sum / predictions, within(CLOSE));
        assertThat(json.path("disagreement").asDouble()).isCloseTo((double) disagreements / predictions, within(1e-12));
    }

    @Test
    void aLanguageModelAndItsAdapterDifferAsPeftSays() throws IOException {
        compared(
                golden("llama"),
                "compare-predictions",
                "--model=" + Golden.folder("llama"),
                "--other-adapter=" + Golden.folder("lora_llama").resolve("adapter_final"),
                "--data=" + Golden.folder("llama").resolve("rows.jsonl"));
        assertThat(cli.out()).contains("mean over tokens", "Jensen-Shannon divergence (bits)");
        assertThat(Json.read(folder.resolve("compared.json")).path("task").asText())
                .isEqualTo("causal-lm");
    }

    @Test
    void twoAdaptersOfAClassifierDifferAsPeftSays() throws IOException {
        compared(
                golden("bert"),
                "compare-predictions",
                "--model=" + Golden.folder("bert"),
                "--adapter=" + Golden.folder("lora_bert").resolve("adapter_init"),
                "--other-adapter=" + Golden.folder("lora_bert").resolve("adapter_final"),
                "--data=" + Golden.folder("bert").resolve("rows.jsonl"));
        assertThat(cli.out()).contains("mean over rows");
    }

    @Test
    void refusesWhatCannotBeCompared() {
        Path rows = Golden.folder("llama").resolve("rows.jsonl");
        String llama = "--model=" + Golden.folder("llama");
        refused("Both sides are the same model", llama, "--data=" + rows);
        refused(
                "so their distributions cannot be compared; name two models with one vocabulary.",
                llama,
                "--other-model=" + Golden.folder("qwen3"),
                "--data=" + rows);
        refused("predicts tokens and", llama, "--other-model=" + Golden.folder("llama_seqcls"), "--data=" + rows);
    }

    @Test
    void refusesModelsOfDifferentClasses() throws IOException {
        String rows = "--data=" + Golden.folder("bert").resolve("rows.jsonl");
        Path bert = Golden.folder("bert");
        refused(
                "predicts one number, which has no distribution",
                "--model=" + bert,
                "--other-model=" + Golden.folder("bert_regression"),
                rows);
        String first = "--model=" + named("first", "\"ant\", \"bee\", \"cat\"");
        refused(
                "The classes of first are ant, bee, cat and those of other bee, ant, cat; name two models with the same"
                        + " classes in the same order.",
                first,
                "--other-model=" + named("other", "\"bee\", \"ant\", \"cat\""),
                rows);
    }

    @Test
    void refusesAdaptersOfDifferentNumbersOfClasses() throws IOException {
        Path base = Golden.folder("roberta_base_model");
        Path two = trained(base, 2);
        Path three = trained(base, 3);

        refused(
                "has 2 classes and roberta_base_model with %s 3, so their distributions cannot be compared"
                        .formatted(three),
                "--model=" + base,
                "--adapter=" + two,
                "--other-adapter=" + three,
                "--data=" + folder.resolve("rows-2.jsonl"));
    }

    private Path trained(Path base, int classes) throws IOException {
        Path rows = Files.writeString(
                folder.resolve("rows-%s.jsonl".formatted(classes)),
                IntStream.range(0, 6)
                        .mapToObj(
                                row -> "{\"input_ids\": [0, %s, 2], \"label\": %s}%n".formatted(5 + row, row % classes))
                        .collect(Collectors.joining()));
        Path run = folder.resolve("run-" + classes);
        assertThat(cli.run(
                        "train",
                        "--model=" + base,
                        "--data=" + rows,
                        "--task=classification",
                        "--steps=1",
                        "--device=cpu",
                        "--out=" + run))
                .as(String.join("\n", cli.errLines()))
                .isEqualTo(ExitCode.OK);
        return run.resolve("adapter");
    }

    /** Copies the classifier with other names of its classes. */
    private Path named(String name, String classes) throws IOException {
        Path copy = copy("bert", name);
        ObjectNode config = (ObjectNode) Json.read(copy.resolve("config.json"));
        ArrayNode names = (ArrayNode) Json.parse("[" + classes + "]");
        ObjectNode numbered = config.putObject("id2label");
        ObjectNode numbers = config.putObject("label2id");
        for (int i = 0; i < names.size(); i++) {
            numbered.set(String.valueOf(i), names.get(i));
            numbers.put(names.get(i).asText(), i);
        }
        Json.write(copy.resolve("config.json"), config);
        return copy;
    }

    private Path copy(String fixture, String name) throws IOException {
        Path copy = Files.createDirectory(folder.resolve(name));
        for (String file : List.of("config.json", "model.safetensors")) {
            Files.copy(Golden.folder(fixture).resolve(file), copy.resolve(file));
        }
        return copy;
    }

    @Test
    void refusesTokenizersThatMakeOtherTokens() throws IOException {
        Path one = withTokenizer("one", "ant bee cat dog");
        Path same = withTokenizer("same", "ant bee cat dog");
        Path other = withTokenizer("other", "dog cat bee ant");
        Path rows = Files.writeString(folder.resolve("texts.csv"), "text\nant bee cat\ndog cat\n");

        refused(
                "The tokenizers of one and other make different tokens of " + rows,
                "--model=" + one,
                "--other-model=" + other,
                "--data=" + rows);
        assertThat(cli.run(
                        "compare-predictions",
                        "--device=cpu",
                        "--model=" + one,
                        "--other-model=" + same,
                        "--data=" + rows))
                .as(String.join("\n", cli.errLines()))
                .isEqualTo(ExitCode.OK);
    }

    /** Copies the language model with a tokenizer that numbers words in an order. */
    private Path withTokenizer(String name, String words) throws IOException {
        Path copy = copy("llama", name);
        List<String> vocabulary = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
        vocabulary.addAll(List.of(words.split(" ")));
        ObjectNode tokenizer = (ObjectNode)
                Json.parse(
                        """
                {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
                 "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null, "decoder": null,
                 "model": {"type": "WordLevel", "unk_token": "<unk>"}}
                """);
        ObjectNode numbers = ((ObjectNode) tokenizer.path("model")).putObject("vocab");
        for (int i = 0; i < vocabulary.size(); i++) {
            numbers.put(vocabulary.get(i), i);
        }
        Json.write(copy.resolve("tokenizer.json"), tokenizer);
        Files.writeString(copy.resolve("tokenizer_config.json"), "{\"tokenizer_class\": \"PreTrainedTokenizerFast\"}");
        return copy;
    }

    private void refused(String sentence, String... args) {
        String[] all = Stream.concat(Stream.of("compare-predictions", "--device=cpu"), Stream.of(args))
                .toArray(String[]::new);
        assertThat(cli.run(all)).isNotEqualTo(ExitCode.OK);
        assertThat(String.join("\n", cli.errLines())).contains(sentence);
    }
}
