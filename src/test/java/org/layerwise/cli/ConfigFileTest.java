package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.UserException;
import org.layerwise.base.setting.Setting;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.lora.LoraSettings;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.Configuration;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.training.OptimiserSettings;
import picocli.CommandLine;

class ConfigFileTest {

    @TempDir
    Path folder;

    @Test
    void keysBecomeValuesOfSettingsOrFlags() throws IOException {
        Path file = config("model: sample\nmax-length: 64\nlr: 1e-3\ndropout: 0.1\nmodel-dropout: config\n");

        ConfigFile read = read("train", "--config", file.toString());

        assertThat(read.args()).containsExactly("train", "--model=sample", "--config", file.toString());
        assertThat(read.settings())
                .isEqualTo(SettingValues.none()
                        .with(DataSettings.MAX_LENGTH, 64)
                        .with(OptimiserSettings.LEARNING_RATE, 1e-3)
                        .with(LoraSettings.DROPOUT, 0.1)
                        .with(OptimiserSettings.MODEL_DROPOUT, Optional.<Double>empty()));
    }

    @Test
    void listsMayBeListsOrTexts() throws IOException {
        Path file = config("target-modules: [query, value]\nlayers: [1, 3, 5]\ntext: a,b\n");

        ConfigFile read = read("train", "--config=" + file);

        assertThat(read.args()).contains("--layers=1,3,5");
        assertThat(read.settings().get(LoraSettings.TARGET_MODULES)).containsExactly("query", "value");
        assertThat(read.settings().get(DataSettings.TEXT)).isEqualTo("a,b");
    }

    @Test
    void howAModelIsOpenedAndWhatItSeesAreKeysToo() throws IOException {
        Path file = config("model: org/name@v1\ndtype: bf16\nload: layers\nimage: picture\n");

        ConfigFile read = read("analyze", "--config=" + file);

        assertThat(read.args()).contains("--model=org/name@v1");
        assertThat(settings(read)).containsExactly("dtype=bf16", "load=layers", "image=picture");
    }

    @Test
    void flagsWithoutAValueAreTrueOrFalse() throws IOException {
        assertThat(read("inspect", "--config=" + config("all: true\n")).args()).contains("--all=true");
        Path wrong = config("all: many\n");
        assertThatThrownBy(() -> read("inspect", "--config=" + wrong))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("\"all\" must be true or false, but is \"many\"");
    }

    @Test
    void flagsWin() throws IOException {
        Path file = config("samples: 64\nmodel: sample\n");

        ConfigFile read = read("train", "--samples=8", "--config=" + file, "--model", "other");

        assertThat(read.args()).containsExactly("train", "--samples=8", "--config=" + file, "--model", "other");
        assertThat(read.settings()).isEqualTo(SettingValues.none());
    }

    /** Texts that end an answer often begin with a line break. */
    @Test
    void aFlagWhoseValueHasALineBreakWins() throws IOException {
        Path file = config("stop: [\"w47\"]\n");

        ConfigFile read = read("generate", "--config=" + file, "--stop=\nQ:");

        assertThat(read.args()).containsExactly("generate", "--config=" + file, "--stop=\nQ:");
    }

    @Test
    void aFlagAlsoWinsOverAKeyThatItExcludes() throws IOException {
        Path file = config("epochs: 3\nwarmup-ratio: 0.1\nselection: selection.json\n");

        ConfigFile read = read("train", "--steps=5", "--layers=1", "--config=" + file);

        assertThat(read.args()).containsExactly("train", "--steps=5", "--layers=1", "--config=" + file);
        assertThat(settings(read)).containsExactly("warmup-ratio=0.1");
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
        for (String yaml : List.of("", "# nothing yet\n", "validation:\n", "model: ''\n")) {
            ConfigFile read = read("train", "--config=" + config(yaml));

            assertThat(read.args()).hasSize(2);
            assertThat(settings(read)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"image: ' '", "init-adapter: ' '", "model: ' '"})
    void blankKeysAreRefused(String yaml) throws IOException {
        CommandLineFixture cli = new CommandLineFixture(folder);

        assertThat(cli.run("train", "--config=" + config(yaml), "--out", "o")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines())
                .singleElement()
                .asString()
                .contains("--" + yaml.replaceFirst(":.*", "") + " is empty; write --");
    }

    /** 1.10 is no 1.1, and 1e5 no 100000.0, where they are names. */
    @Test
    void namesThatLookLikeFractionsStayAsTheyAreWritten() throws IOException {
        Path file = config("model: 1e5\ndata: .5\ninit-adapter: 1.10\nlr: 1.50e-3\nmodel-dropout: 0.10\n");

        ConfigFile read = read("train", "--config=" + file);

        assertThat(read.args()).containsExactly("train", "--model=1e5", "--data=.5", "--config=" + file);
        assertThat(settings(read)).containsExactly("init-adapter=1.10", "model-dropout=0.1", "lr=0.0015");
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
                Arguments.of("lr: fast\ntrain:\n  lr: 1", "\"lr\" must be a number, but is \"fast\""),
                Arguments.of("workers: x\ntrain:\n  workers: 1", "\"workers\" must be a whole number, but is \"x\""),
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

        assertThatThrownBy(() -> read("train", "--config=" + file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(message);
    }

    @Test
    void bytesThatAreNoTextAreToldAsSuch() throws IOException {
        Path file = Files.write(folder.resolve("a.yaml"), new byte[] {(byte) 0xff, (byte) 0x89, 1, 2});

        assertThatThrownBy(() -> read("train", "--config=" + file))
                .isInstanceOf(UserException.class)
                .hasMessage("%s is not text, so it cannot be YAML; name a YAML file.", file);
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> read("train", "--config", "nowhere.yaml"))
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

        assertThat(read("select", "--config=" + file).args())
                .containsExactly("select", "--model=sample", "--ratio=0.25", "--analysis=a", "--config=" + file);
        assertThat(read("train", "--config=" + file).args())
                .containsExactly("train", "--model=sample", "--config=" + file);
        assertThat(settings(read("train", "--config=" + file))).containsExactly("lr=0.001", "seed=4");
        assertThat(settings(read("analyze", "--config=" + file))).contains("ratio=0.25", "samples=64");
    }

    @Test
    void mistakesInAndAboveSectionsAreFound() throws IOException {
        Path above = config("lr: 1\nsampels: 3\ntrain:\n  seed: 1\n");
        assertThatThrownBy(() -> read("train", "--config=" + above))
                .hasMessageContaining("has the key \"sampels\", which is no flag of train");
        Path within = config("train:\n  ratio: 0.5\nselect:\n  ratio: 0.5\n");
        assertThatThrownBy(() -> read("train", "--config=" + within))
                .hasMessageContaining("has the key \"ratio\", which is no flag of train");
    }

    private Path config(String yaml) throws IOException {
        return Files.writeString(folder.resolve("settings.yaml"), yaml);
    }

    private ConfigFile read(String... args) {
        CommandLine root = RootCommand.commandLine(new CommandLineFixture(folder).context());
        return ConfigFile.read(root, List.of(args));
    }

    /** The settings as name=value, in the order in which files list them. */
    private static List<String> settings(ConfigFile read) {
        List<Setting<?>> all = Setting.join(
                ModelSettings.VALUES, DataSettings.VALUES, AnalysisSettings.VALUES, TrainingSettings.VALUES);
        return read.settings().written(all).entrySet().stream()
                .map(Object::toString)
                .toList();
    }
}
