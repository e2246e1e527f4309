package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.json.Json;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.testing.Golden;

/** What {@code --packing} tells and leaves unchanged, and the trainings that it is not for. */
class PackedTrainingTest {

    @TempDir
    Path folder;

    private CommandLineFixture cli;

    @BeforeEach
    void open() {
        cli = new CommandLineFixture(folder);
    }

    private int train(String fixture, Path data, String out, String... more) {
        List<String> args = new ArrayList<>(List.of("train", "--model=" + Golden.folder(fixture), "--data=" + data));
        args.addAll(List.of("--batch=3", "--steps=4", "--warmup-steps=0", "--out=" + folder.resolve(out)));
        args.addAll(List.of(more));
        return cli.run(args.toArray(String[]::new));
    }

    private List<Double> losses(String run) throws IOException {
        List<Double> losses = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve(run).resolve("metrics.jsonl"))) {
            JsonNode loss = Json.parse(line).path("loss");
            if (!loss.isMissingNode()) {
                losses.add(loss.asDouble());
            }
        }
        return losses;
    }

    /** Each of two batches has all of its rows in one piece: 3 x 7 and 3 x 5 cells at most, for 25 tokens. */
    @Test
    void lossesStayAndThePaddingIsTold() throws IOException {
        List<String> rows = new ArrayList<>();
        for (int length : new int[] {3, 7, 4, 5, 2, 4}) {
            List<Integer> ids = new ArrayList<>();
            for (int token = 0; token < length; token++) {
                ids.add(3 + (length * 7 + token * 5) % 60);
            }
            rows.add("{\"input_ids\": %s, \"labels\": %s}".formatted(ids, ids));
        }
        Path data = Files.write(folder.resolve("rows.jsonl"), rows);

        assertThat(train("llama", data, "padded")).isEqualTo(ExitCode.OK);
        assertThat(cli.errLines()).noneMatch(line -> line.contains("Packing"));
        assertThat(train("llama", data, "packed", "--packing"))
                .as("%s", cli.errLines())
                .isEqualTo(ExitCode.OK);

        assertThat(cli.errLines())
                .filteredOn(line -> line.contains("Packing"))
                .hasSize(1)
                .first()
                .asString()
                .matches(
                        ".*Packing computes 25 tokens a pass over the rows instead of \\d+, of which \\d+ % were padding\\.");
        List<Double> padded = losses("padded");
        List<Double> packed = losses("packed");
        assertThat(packed).hasSize(4);
        for (int step = 0; step < 4; step++) {
            assertThat(packed.get(step)).isCloseTo(padded.get(step), within(1e-5));
        }
        assertThat(packed).as("other products, other last bits").isNotEqualTo(padded);
        assertThat(folder.resolve("packed/config.yaml")).content().contains("packing: true");
        assertThat(folder.resolve("padded/config.yaml")).content().contains("packing: false");
        assertThat(folder.resolve("packed/methods.txt")).content().contains("Packing (true)");
    }

    @Test
    void classesAreNotPacked() {
        assertThat(train("bert", TokenRows.of("bert", folder), "refused", "--packing"))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines())
                .last()
                .isEqualTo(
                        "layerwise: --packing is for language models (--task causal-lm), and this training of a model of type bert is a classification; leave --packing out.");
        assertThat(folder.resolve("refused")).doesNotExist();
    }
}
