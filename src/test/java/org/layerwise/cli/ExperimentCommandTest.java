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
import org.layerwise.cli.console.ExitCode;
import org.layerwise.testing.Golden;

class ExperimentCommandTest {

    @TempDir
    Path folder;

    private CommandLineFixture cli;

    @BeforeEach
    void open() {
        cli = new CommandLineFixture(folder);
    }

    private Path config(String... more) throws IOException {
        Path rows = TokenRows.of("llama_seqcls", folder);
        Path file = folder.resolve("experiment.yaml");
        List<String> lines = new ArrayList<>(List.of(
                "model: " + Golden.folder("llama_seqcls").toAbsolutePath(),
                "data: " + rows,
                "analyze:",
                "  out: elsewhere",
                "experiment:",
                "  validation: " + rows,
                "  arms: [all, last]",
                "  lrs: [1e-3, 4e-3]",
                "  seeds: 2",
                "  steps: 2",
                "  batch: 4",
                "  out: " + folder.resolve("out")));
        lines.addAll(List.of(more));
        return Files.write(file, lines);
    }

    @Test
    void aFileIsAnExperimentWithATableAndAReport() throws IOException {
        Path file = config();
        assertThat(cli.run("experiment", "--config=" + file))
                .as(String.join("\n", cli.errLines()))
                .isEqualTo(ExitCode.OK);

        assertThat(cli.out().lines().toList())
                .anyMatch(line -> line.matches("Arm +Layers .*accuracy \\(validation\\).*"))
                .anyMatch(line -> line.startsWith("all layers "))
                .anyMatch(line -> line.matches("last layers .*\\d\\.\\d{4} ± \\d\\.\\d{4} +[+-]\\d\\.\\d{4} .*"))
                .anyMatch(line -> line.startsWith("There are no test rows: this is measured on "))
                .endsWith("Wrote " + folder.resolve("out").resolve("report.html"));
        assertThat(cli.errLines())
                .anyMatch(line -> line.startsWith("Run 1 of 8, all layers, learning rate 0.001, seed 41: "))
                .anyMatch(line -> line.startsWith("Last layers: learning rate "));
        assertThat(folder.resolve("out/report.md")).isNotEmptyFile();
        String table = cli.out();

        assertThat(cli.run("experiment", "--config=" + file)).isEqualTo(ExitCode.OK);
        assertThat(cli.out()).isEqualTo(table);
        assertThat(cli.errLines())
                .filteredOn(line -> line.startsWith("Finished before, "))
                .hasSize(8);
        assertThat(cli.run("experiment", "--config=" + folder.resolve("out/experiment.yaml")))
                .as("what is written can be run again: %s", cli.errLines())
                .isEqualTo(ExitCode.OK);
        assertThat(cli.out()).isEqualTo(table);
    }

    @Test
    void flagsWinAndALearningRateIsNoSweep() throws IOException {
        assertThat(cli.run("experiment", "--config=" + config(), "--lr=0.002", "--arms=last", "--seeds=1"))
                .as(String.join("\n", cli.errLines()))
                .isEqualTo(ExitCode.OK);

        assertThat(cli.errLines()).anyMatch(line -> line.startsWith("Run 1 of 1, last layers, learning rate 0.002"));
        assertThat(folder.resolve("out/runs/sweep")).doesNotExist();
    }

    /** What a training would say of itself is said of a run, too, and once in all. */
    @Test
    void remarksOfRunsAreToldOnce() throws IOException {
        Path file = config();
        assertThat(cli.run("experiment", "--config=" + file, "--lr=0.002", "--arms=last", "--seeds=2"))
                .as(String.join("\n", cli.errLines()))
                .isEqualTo(ExitCode.OK);

        assertThat(cli.errLines())
                .filteredOn(line -> line.contains("are both trained on and measured"))
                .singleElement()
                .asString()
                .startsWith("Run 1 of 2: ");
    }

    @Test
    void whatIsWrongIsSaidInASentence() throws IOException {
        Path file = config();
        fails("\"middle\" is none of", "experiment", "--config=" + file, "--arms=all,middle");
        fails("--arms names something twice", "experiment", "--config=" + file, "--arms=all,all");
        fails("--seeds must be at least 1, but is 0.", "experiment", "--config=" + file, "--seeds=0");
        fails("--lrs must be above 0 and at most 1000000, but is -1.", "experiment", "--config=" + file, "--lrs=-1,2");
        fails("--lr and --lrs exclude each other", "experiment", "--config=" + file, "--lr=1", "--lrs=1,2");
        fails("no flag of experiment", "experiment", "--config=" + config("  armes: [all]"));
        fails("No model is named", "experiment", "--data=x", "--out=" + folder.resolve("o"));
    }

    @Test
    void aSettingThatNoRunCanHaveIsRefusedBeforeTheAnalysis() throws IOException {
        Path file = config();
        fails("--packing is for language models", "experiment", "--config=" + file, "--arms=selected", "--packing");
        fails(
                "There is no metric pearson",
                "experiment",
                "--config=" + file,
                "--arms=selected",
                "--best-metric=pearson");
        assertThat(cli.errLines()).noneMatch(line -> line.startsWith("Run 1"));
        assertThat(folder.resolve("out")).doesNotExist();
    }

    private void fails(String sentence, String... args) {
        assertThat(cli.run(args)).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines()).anyMatch(line -> line.contains(sentence));
    }
}
