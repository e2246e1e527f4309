package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerwise.base.UserException;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.settings.Configuration;
import org.layerwise.training.OptimiserSettings;
import picocli.CommandLine;

class ConfigFileTest {

    @TempDir
    Path folder;

    @Test
    void keysBecomeFlags() throws IOException {
        Path file = config("model: sample\nmax-length: 64\nlr: 1e-3\ndropout: 0.1\nmodel-dropout: config\n");

        assertThat(expand("train", "--config", file.toString()))
                .containsExactly(
                        "train",
                        "--model=sample",
                        "--max-length=64",
                        "--lr=0.001",
                        "--dropout=0.1",
                        "--model-dropout=config",
                        "--config",
                        file.toString());
    }

    @Test
    void listsMayBeListsOrTexts() throws IOException {
        Path file = config("target-modules: [query, value]\nlayers: [1, 3, 5]\ntext: a,b\n");

        assertThat(expand("train", "--config=" + file))
                .contains("--target-modules=query,value", "--layers=1,3,5", "--text=a,b");
    }

    @Test
    void howAModelIsOpenedAndWhatItSeesAreKeysToo() throws IOException {
        Path file = config("model: org/name@v1\ndtype: bf16\nload: layers\nimage: picture\n");

        assertThat(expand("analyze", "--config=" + file))
                .contains("--model=org/name@v1", "--dtype=bf16", "--load=layers", "--image=picture");
    }

    @Test
    void flagsWithoutAValueAreTrueOrFalse() throws IOException {
        assertThat(expand("inspect", "--config=" + config("all: true\n"))).contains("--all=true");
        Path wrong = config("all: many\n");
        assertThatThrownBy(() -> expand("inspect", "--config=" + wrong))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("\"all\" must be true or false, but is \"many\"");
    }

    @Test
    void flagsWin() throws IOException {
        Path file = config("samples: 64\nmodel: sample\n");

        assertThat(expand("train", "--samples=8", "--config=" + file, "--model", "other"))
                .containsExactly("train", "--samples=8", "--config=" + file, "--model", "other");
    }

    @Test
    void aFlagAlsoWinsOverAKeyThatItExcludes() throws IOException {
        Path file = config("epochs: 3\nwarmup-ratio: 0.1\nselection: selection.json\n");

        assertThat(expand("train", "--steps=5", "--layers=1", "--config=" + file))
                .containsExactly("train", "--warmup-ratio=0.1", "--steps=5", "--layers=1", "--config=" + file);
    }

    @Test
    void keysThatExcludeEachOtherAreRefused() throws IOException {
        Path file = config("epochs: 3\nsteps: 5\nmodel: m\ndata: d\nout: " + folder.resolve("out") + "\n");
        CommandLineFixture cli = new CommandLineFixture(folder);

        assertThat(cli.run("train", "--config=" + file)).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines()).singleElement().asString().contains("--epochs and --steps exclude each other");
    }

    @Test
    void requiredFlagsMayStandInTheFile() throws IOException {
        Path file = config("analysis: nowhere\nout: " + folder.resolve("selection.json") + "\nratio: 7\n");
        CommandLineFixture cli = new CommandLineFixture(folder);

        assertThat(cli.run("select", "--config=" + file)).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines())
                .singleElement()
                .asString()
                .contains("--ratio must be above 0 and at most 1, but is 7");
    }

    @Test
    void emptyFilesAndEmptyKeysSayNothing() throws IOException {
        assertThat(expand("train", "--config=" + config(""))).hasSize(2);
        assertThat(expand("train", "--config=" + config("# nothing yet\n"))).hasSize(2);
        assertThat(expand("train", "--config=" + config("validation:\n"))).hasSize(2);
    }

    /** 1.10 is no 1.1, and 1e5 no 100000.0, where they are names. */
    @Test
    void namesThatLookLikeFractionsStayAsTheyAreWritten() throws IOException {
        Path file = config("model: 1e5\ndata: .5\ninit-adapter: 1.10\nlr: 1.50e-3\nmodel-dropout: 0.10\n");

        assertThat(expand("train", "--config=" + file))
                .containsExactly(
                        "train",
                        "--model=1e5",
                        "--data=.5",
                        "--init-adapter=1.10",
                        "--lr=0.0015",
                        "--model-dropout=0.1",
                        "--config=" + file);
        assertThat(Configuration.read(file).training().adapter().initial()).isEqualTo(Path.of("1.10"));
        assertThat(Configuration.read(file).training().get(OptimiserSettings.LEARNING_RATE))
                .isEqualTo(1.5e-3);
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of(
                        "warmup-stps: 3",
                        "has the key \"warmup-stps\", which is no flag of train; the nearest one is \"warmup-steps\""),
                Arguments.of("analysis: x", "which is no flag of train"),
                Arguments.of("config: other.yaml", "which is no flag of train"),
                Arguments.of("--lr: 1", "which is no flag of train"),
                Arguments.of("samples: many", "\"samples\" must be a whole number, but is \"many\""),
                Arguments.of("samples: 3.5", "\"samples\" must be a whole number, but is \"3.5\""),
                Arguments.of("lr: true", "\"lr\" must be a number, but is true"),
                Arguments.of("lr: fast", "\"lr\" must be a number, but is \"fast\""),
                Arguments.of("lr: [1, 2]", "\"lr\" must be a single value"),
                Arguments.of("model: {a: 1}", "\"model\" must be a text"),
                Arguments.of("layers: [[1]]", "\"layers\" must be a list of names or numbers"),
                Arguments.of("- lr", "write one \"key: value\" a line"),
                Arguments.of("seed: 010", "\"seed\" is 010; write a whole number in plain decimals"),
                Arguments.of("model: 010", "\"model\" is 010"),
                Arguments.of("lr: 1_0e-3", "\"lr\" must be a number, but is \"1_0e-3\""),
                Arguments.of("data: &rows a.tsv\ntest: *rows", "has the alias *rows (line 2)"),
                Arguments.of("train:\n  text: &own {r: 4}\n  <<: *own", "has the alias *own (line 3)"),
                Arguments.of("lr: 1\n---\nlr: 2", "holds more than one document"),
                Arguments.of("\0\0\0\1\2\3\4", "is not text"),
                Arguments.of("visualise: 1", "remove it, or see layerwise train --help"),
                Arguments.of("lr: 1\nlr: 2", "is not valid YAML"),
                Arguments.of("lr: [1", "is not valid YAML"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void mistakesNameTheFileAndTheKey(String yaml, String message) throws IOException {
        Path file = config(yaml);

        assertThatThrownBy(() -> expand("train", "--config=" + file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(message);
    }

    @Test
    void bytesThatAreNoTextAreToldAsSuch() throws IOException {
        Path file = Files.write(folder.resolve("a.yaml"), new byte[] {(byte) 0xff, (byte) 0x89, 1, 2});

        assertThatThrownBy(() -> expand("train", "--config=" + file))
                .isInstanceOf(UserException.class)
                .hasMessage("%s is not text, so it cannot be YAML; name a YAML file.", file);
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> expand("train", "--config", "nowhere.yaml"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("nowhere.yaml");
    }

    @Test
    void aFileForSeveralCommandsHasASectionEach() throws IOException {
        Path file = config(
                """
                model: sample
                ratio: 0.25
                seed: 3
                analyze:
                  samples: 64
                select:
                  analysis: a
                train:
                  lr: 1e-3
                  seed: 4
                """);

        assertThat(expand("select", "--config=" + file))
                .containsExactly("select", "--model=sample", "--ratio=0.25", "--analysis=a", "--config=" + file);
        assertThat(expand("train", "--config=" + file))
                .containsExactly("train", "--model=sample", "--seed=4", "--lr=0.001", "--config=" + file);
        assertThat(expand("analyze", "--config=" + file)).contains("--model=sample", "--ratio=0.25", "--samples=64");
    }

    @Test
    void mistakesInAndAboveSectionsAreFound() throws IOException {
        Path above = config("lr: 1\nsampels: 3\ntrain:\n  seed: 1\n");
        assertThatThrownBy(() -> expand("train", "--config=" + above))
                .hasMessageContaining("has the key \"sampels\", which is no flag of train");
        Path within = config("train:\n  ratio: 0.5\nselect:\n  ratio: 0.5\n");
        assertThatThrownBy(() -> expand("train", "--config=" + within))
                .hasMessageContaining("has the key \"ratio\", which is no flag of train");
    }

    private Path config(String yaml) throws IOException {
        return Files.writeString(folder.resolve("settings.yaml"), yaml);
    }

    private List<String> expand(String... args) {
        CommandLine root = RootCommand.commandLine(new CommandLineFixture(folder).context());
        return new ConfigFile().expand(root, List.of(args));
    }
}
