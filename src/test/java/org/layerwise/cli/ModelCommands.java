package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.layerwise.cli.console.ExitCode;

/** Commands on one causal model and eight rows of tokens. */
final class ModelCommands {

    private final Path folder;
    private final Path model;
    private final Path data;
    private final CommandLineFixture cli;

    /** @param folder folder for everything that is written */
    ModelCommands(Path folder, Path model) throws IOException {
        this.folder = folder;
        this.model = model;
        cli = new CommandLineFixture(folder);
        List<String> rows = new ArrayList<>();
        for (int row = 0; row < 8; row++) {
            rows.add("{\"input_ids\": [%s, %s, %s, 7]}".formatted(3 + row, 20 + row, 40 - row));
        }
        data = Files.write(folder.resolve("rows.jsonl"), rows);
    }

    CommandLineFixture cli() {
        return cli;
    }

    int run(String command, String... more) {
        return runOn(model, command, more);
    }

    int runOn(Path other, String command, String... more) {
        List<String> args = new ArrayList<>(List.of(command, "--model=" + other, "--data=" + data));
        args.addAll(List.of(more));
        return cli.run(args.toArray(String[]::new));
    }

    /** Analyses the model, trains an adapter, evaluates it and writes texts, each with some more flags. */
    void analyseTrainEvaluateAndWrite(String... flags) {
        Path run = folder.resolve("run");
        assertThat(run("analyze", with(flags, "--out=" + folder.resolve("analysis"))))
                .isEqualTo(ExitCode.OK);
        assertThat(run("train", with(flags, "--task=causal-lm", "--steps=3", "--layers=1-2", "--out=" + run)))
                .isEqualTo(ExitCode.OK);
        assertThat(run("evaluate", with(flags, "--task=causal-lm", "--adapter=" + run.resolve("adapter"))))
                .isEqualTo(ExitCode.OK);
        assertThat(run("generate", with(flags, "--max-new-tokens=2", "--out=" + folder.resolve("texts.jsonl"))))
                .isEqualTo(ExitCode.OK);

        assertThat(folder.resolve("texts.jsonl")).isNotEmptyFile();
    }

    private static String[] with(String[] flags, String... more) {
        List<String> all = new ArrayList<>(List.of(flags));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    /** Returns the last line of the messages. */
    String last() {
        return cli.errLines().get(cli.errLines().size() - 1);
    }
}
