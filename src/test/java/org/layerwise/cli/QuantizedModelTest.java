package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.testing.Golden;

/** Commands on a model whose weights are quantised. */
class QuantizedModelTest {

    private static final Path MODEL = Golden.folder("quantised/bnb_nf4_double");

    @TempDir
    Path folder;

    private CommandLineFixture cli;
    private Path data;

    @BeforeEach
    void open() throws IOException {
        cli = new CommandLineFixture(folder);
        List<String> rows = new ArrayList<>();
        for (int row = 0; row < 8; row++) {
            rows.add("{\"input_ids\": [%s, %s, %s, 7]}".formatted(3 + row, 20 + row, 40 - row));
        }
        data = Files.write(folder.resolve("rows.jsonl"), rows);
    }

    private int run(String command, String... more) {
        List<String> args = new ArrayList<>(List.of(command, "--model=" + MODEL, "--data=" + data));
        args.addAll(List.of(more));
        return cli.run(args.toArray(String[]::new));
    }

    @Test
    void isAnalysedTrainedEvaluatedAndWrites() {
        Path run = folder.resolve("run");

        assertThat(run("analyze", "--out=" + folder.resolve("analysis"))).isEqualTo(ExitCode.OK);
        assertThat(run("train", "--task=causal-lm", "--steps=3", "--layers=1-2", "--out=" + run))
                .isEqualTo(ExitCode.OK);
        assertThat(run("evaluate", "--task=causal-lm", "--adapter=" + run.resolve("adapter")))
                .isEqualTo(ExitCode.OK);
        assertThat(run("generate", "--max-new-tokens=2", "--out=" + folder.resolve("texts.jsonl")))
                .isEqualTo(ExitCode.OK);

        assertThat(folder.resolve("texts.jsonl")).isNotEmptyFile();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pissa", "pissa_niter_4", "olora"})
    void variantsThatChangeTheWeightsAreRefused(String variant) {
        int code = run("train", "--task=causal-lm", "--variant=" + variant, "--out=" + folder.resolve("run"));

        assertThat(code).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(last()).contains("takes a part out of the weights", MODEL.toString(), "--variant lora");
    }

    @Test
    void jobsAreRefused() {
        int code = run("export-job", "--task=causal-lm", "--steps=2", "--out=" + folder.resolve("job"));

        assertThat(code).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(last()).contains("is quantised", "16 or 32 bits");
        assertThat(folder.resolve("job")).doesNotExist();
    }

    private String last() {
        return cli.errLines().get(cli.errLines().size() - 1);
    }
}
