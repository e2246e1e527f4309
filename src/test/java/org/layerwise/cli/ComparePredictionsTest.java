package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    private void refused(String sentence, String... args) {
        String[] all = Stream.concat(Stream.of("compare-predictions", "--device=cpu"), Stream.of(args))
                .toArray(String[]::new);
        assertThat(cli.run(all)).isNotEqualTo(ExitCode.OK);
        assertThat(String.join("\n", cli.errLines())).contains(sentence);
    }
}
