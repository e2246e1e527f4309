package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.measure.Measures;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.base.setting.Setting;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.lora.LoraSettings;
import org.layerwise.selection.LayerLocks;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.ModuleSelector;
import org.layerwise.selection.RankBudget;
import org.layerwise.selection.RankRule;
import org.layerwise.selection.SelectionRule;
import org.layerwise.settings.AdapterSettings;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.Configuration;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.EquivalentCommand;
import org.layerwise.settings.Loading;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.testing.SettingDraws;
import org.layerwise.training.LearningRateScheduler;
import org.layerwise.training.OptimiserSettings;
import picocli.CommandLine;

/** A step that was copied does the same again: read by a shell and the command line, as YAML, and by the window. */
class ReplayTest {

    private static final int LAYERS = 12;

    /** Names that a shell or YAML would take for something else. */
    private static final List<String> NAMES = List.of(
            "sample",
            "org/name@v1",
            "/data/my rows.tsv",
            "it's",
            "a\"b",
            "$HOME",
            "`ls`",
            "a\\b",
            "#1 String",
            "x: y",
            "- z",
            "-n",
            "~",
            "*",
            "true",
            "null",
            "no",
            "010",
            "1e3",
            "0x1F",
            "1_000",
            "12:30",
            "{a}",
            "[b]",
            "&c",
            "!d",
            "%e",
            "@f",
            "=g",
            "| h",
            "> i",
            "?",
            ".5",
            "2001-01-01",
            "Übung 模型",
            "a!b",
            "tab\there",
            "end:",
            " lead",
            "trail ");

    @TempDir
    Path folder;

    static Stream<Integer> seeds() {
        return IntStream.range(0, 150).boxed();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aTrainingIsReadBackAsItWas(int seed) {
        Draw draw = new Draw(new Random(seed));
        ModelSettings model = draw.model();
        DataSettings rows = draw.rows();
        TrainingSettings settings = draw.training();
        EquivalentCommand replay = EquivalentCommand.train(model, rows, settings, Path.of(draw.name()));

        for (TrainCommand read : List.of(
                parse("train", shell(replay.commandLine())).<TrainCommand>getCommand(),
                parse("train", List.of("layerwise", "train", "--config=" + yaml(replay)))
                        .<TrainCommand>getCommand())) {
            assertThat(read.modelSettings()).isEqualTo(model);
            assertThat(read.dataSettings()).isEqualTo(usual(rows));
            TrainingSettings found = read.trainingSettings(LAYERS);
            assertThat(found.withLayers(found.adapter().layers()))
                    .as("all but the reason for the layers, which no flag has")
                    .isEqualTo(settings);
        }
        Configuration window = Configuration.read(yaml(replay));
        assertThat(window.model()).isEqualTo(model);
        assertThat(window.rows()).isEqualTo(usual(rows));
        assertThat(window.training().withLayers(window.layers(LAYERS))).isEqualTo(settings);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anAnalysisIsReadBackAsItWas(int seed) {
        Draw draw = new Draw(new Random(seed));
        ModelSettings model = draw.model();
        DataSettings rows = draw.rows();
        AnalysisSettings settings = draw.analysis();
        EquivalentCommand replay = EquivalentCommand.analyze(model, rows, settings, Path.of(draw.name()));

        Configuration window = Configuration.read(yaml(replay));
        assertThat(window.model()).isEqualTo(model);
        assertThat(window.rows()).isEqualTo(rows);
        assertThat(window.analysis()).isEqualTo(settings);
        EquivalentCommand known =
                EquivalentCommand.analyze(model, rows, knownToTheCommand(settings), Path.of(draw.name()));
        AnalyzeCommand typed = parse("analyze", shell(known.commandLine())).getCommand();
        AnalyzeCommand read = parse("analyze", List.of("layerwise", "analyze", "--config=" + yaml(known)))
                .getCommand();
        assertThat(typed.settings()).isEqualTo(knownToTheCommand(settings)).isEqualTo(read.settings());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aSelectionIsReadBackAsItWas(int seed) {
        Draw draw = new Draw(new Random(seed));
        LayerSelection selection = draw.selection();
        Path analysis = Path.of(draw.name());
        EquivalentCommand replay = EquivalentCommand.select(
                analysis, LinearCka.MEASURE, UndefinedLayers.EXCLUDE, selection, Path.of("a b.json"));

        CommandLine read = parse("select", shell(replay.commandLine()));

        assertThat(option(read, "--analysis")).isEqualTo(analysis);
        assertThat(option(read, "--measure")).isEqualTo("cka");
        assertThat(option(read, "--out")).isEqualTo(Path.of("a b.json"));
        SelectionRule rule = selection.reason().rule();
        assertThat(option(read, "--ratio"))
                .isEqualTo(rule instanceof SelectionRule.TopRatio ratio ? ratio.ratio() : null);
        assertThat(option(read, "--top")).isEqualTo(rule instanceof SelectionRule.TopN top ? top.n() : null);
        assertThat(option(read, "--last")).isEqualTo(rule instanceof SelectionRule.LastLayers last ? last.n() : null);
        assertThat(option(read, "--threshold"))
                .isEqualTo(rule instanceof SelectionRule.Threshold threshold ? threshold.importance() : null);
        if (rule instanceof SelectionRule.ModuleRatio || rule instanceof SelectionRule.TopModules) {
            ModuleSelector.Amount amount = ModuleSelector.Amount.parse(String.valueOf(option(read, "--modules")));
            assertThat(amount)
                    .isEqualTo(
                            rule instanceof SelectionRule.ModuleRatio share
                                    ? new ModuleSelector.Amount(share.ratio(), 0)
                                    : new ModuleSelector.Amount(null, ((SelectionRule.TopModules) rule).n()));
        } else {
            assertThat(option(read, "--modules")).isNull();
        }
        RankBudget budget = selection.reason().budget();
        assertThat(option(read, "--budget")).isEqualTo(budget == null ? null : String.valueOf(budget.parameters()));
        assertThat(Optional.<Object>ofNullable(option(read, "--spread")).orElse(RankRule.PROPORTIONAL))
                .isEqualTo(budget == null ? RankRule.PROPORTIONAL : budget.rule());
        assertThat(option(read, "--undefined"))
                .isEqualTo(selection.reason().undefined() == UndefinedLayers.EXCLUDE ? null : UndefinedLayers.INCLUDE);
    }

    @Test
    void whatIsUsualIsLeftOut() {
        DataSettings rows = DataSettings.of("sample:definitions").withBatch(DataSettings.DEFAULT_BATCH);

        assertThat(EquivalentCommand.train(
                                ModelSettings.of("sample"), rows, TrainingSettings.defaults(), Path.of("run"))
                        .commandLine())
                .isEqualTo("layerwise train --model sample --data sample:definitions --out run");
        assertThat(EquivalentCommand.analyze(
                                ModelSettings.of("my model"),
                                DataSettings.of("it's.tsv"),
                                AnalysisSettings.defaults(),
                                Path.of("a"))
                        .commandLine())
                .isEqualTo("layerwise analyze --model 'my model' --data 'it'\\''s.tsv' --out a");
    }

    @Test
    void numbersAreWrittenAsPeopleDo() {
        AdapterSettings adapter = AdapterSettings.DEFAULTS
                .withLayers(new TreeSet<>(List.of(1, 2, 3, 7)))
                .with(LoraSettings.TARGET_MODULES, List.of("query", "value"))
                .withRank(8, 32)
                .with(LoraSettings.DROPOUT, 0.1);
        TrainingSettings settings = TrainingSettings.defaults()
                .with(adapter)
                .with(OptimiserSettings.LEARNING_RATE, 5e-4)
                .with(OptimiserSettings.SCHEDULER, LearningRateScheduler.COSINE)
                .with(OptimiserSettings.WARMUP_RATIO, 0.03)
                .with(OptimiserSettings.WEIGHT_DECAY, 1e-8)
                .with(OptimiserSettings.EPOCHS, 2.5)
                .withSeed(0);
        EquivalentCommand replay =
                EquivalentCommand.train(ModelSettings.of("sample"), DataSettings.of("d.tsv"), settings, Path.of("run"));

        assertThat(replay.commandLine())
                .isEqualTo("layerwise train --model sample --data d.tsv --layers 1-3,7 --target-modules query,value"
                        + " --alpha 32 --dropout 0.1 --lr 0.0005 --epochs 2.5 --scheduler cosine --warmup-ratio 0.03"
                        + " --weight-decay 1E-8 --seed 0 --out run");
        assertThat(replay.yaml())
                .startsWith("# layerwise train --config FILE\nmodel: sample\n")
                .contains("\nlr: 0.0005\n", "\nlayers: ", "\nalpha: 32\n");
    }

    @Test
    void theWindowKnowsTheKeysOfTheCommandsItDoesTheWorkOf() throws IOException {
        for (String command : List.of("analyze", "select", "train")) {
            CommandLine root = RootCommand.commandLine(new CommandLineFixture(folder).context());
            for (var option :
                    root.getSubcommands().get(command).getCommandSpec().options()) {
                String key = option.longestName().substring(2);
                if (!List.of("config", "help").contains(key)) {
                    Path file = Files.writeString(folder.resolve("one.yaml"), command + ":\n  " + key + ": {}\n");
                    assertThat(refusal(file)).as(command + " " + key).doesNotContain("which is no flag of");
                }
            }
        }
    }

    private static String refusal(Path file) {
        try {
            Configuration.read(file);
            return "";
        } catch (org.layerwise.base.UserException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** A batch of the usual size need not be said. */
    private static DataSettings usual(DataSettings rows) {
        return rows.batch() != null && rows.batch() == DataSettings.DEFAULT_BATCH ? rows.withBatch(null) : rows;
    }

    private AnalysisSettings knownToTheCommand(AnalysisSettings settings) {
        CommandLine root = RootCommand.commandLine(new CommandLineFixture(folder).context());
        boolean measures = root.getSubcommands().get("analyze").getCommandSpec().findOption("--measure") != null;
        return measures
                ? settings
                : new AnalysisSettings(
                        settings.position(),
                        settings.ratio(),
                        settings.undefined(),
                        settings.name(),
                        List.of(LinearCka.MEASURE),
                        MeasureOptions.DEFAULTS,
                        0,
                        0,
                        AnalysisSettings.defaults().seed());
    }

    private Path yaml(EquivalentCommand replay) {
        try {
            return Files.writeString(folder.resolve("copied.yaml"), replay.yaml());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a POSIX shell makes of a command line. */
    private static List<String> shell(String line) {
        try {
            Process shell = new ProcessBuilder("sh", "-c", "printf '%s\\0' " + line).start();
            byte[] said = shell.getInputStream().readAllBytes();
            return Arrays.asList(new String(said, StandardCharsets.UTF_8).split("\0"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private CommandLine parse(String command, List<String> line) {
        assertThat(line.subList(0, 2)).containsExactly("layerwise", command);
        CommandLine root = RootCommand.commandLine(new CommandLineFixture(folder).context());
        ConfigFile config = ConfigFile.read(root, line.subList(1, line.size()));
        root.parseArgs(config.args().toArray(String[]::new));
        CommandLine parsed = root.getSubcommands().get(command);
        parsed.<LayerwiseCommand>getCommand().read(config.settings());
        return parsed;
    }

    private static @Nullable Object option(CommandLine command, String flag) {
        return command.getCommandSpec().findOption(flag).getValue();
    }

    /** Settings at random, each usual or not. */
    private record Draw(Random random) {

        String name() {
            return NAMES.get(random.nextInt(NAMES.size()));
        }

        ModelSettings model() {
            return new ModelSettings(name(), or("auto", "cuda:1"), one(ComputeType.values()), one(Loading.values()));
        }

        DataSettings rows() {
            return new DataSettings(name(), values(DataSettings.VALUES));
        }

        AnalysisSettings analysis() {
            List<Measure> measures = new ArrayList<>(Measures.ALL);
            java.util.Collections.shuffle(measures, random);
            return new AnalysisSettings(
                    or(null, one(Position.values())),
                    or(0.5, 1 - random.nextDouble()),
                    one(UndefinedLayers.values()),
                    or(null, name()),
                    or(List.of(LinearCka.MEASURE), measures.subList(0, 1 + random.nextInt(4))),
                    or(
                            MeasureOptions.DEFAULTS,
                            new MeasureOptions(
                                    0.1 + random.nextDouble(), 1 - random.nextDouble(), 4 + random.nextInt(300))),
                    or(0, 20 + random.nextInt(2000)),
                    or(0, 20 + random.nextInt(200)),
                    or(42L, random.nextLong()));
        }

        TrainingSettings training() {
            List<Setting<?>> settings = TrainingSettings.VALUES.stream()
                    .filter(setting -> setting != LoraSettings.INIT_ADAPTER) // which is read, and decides others
                    .toList();
            return new TrainingSettings(or(null, layers()), null, values(settings));
        }

        private SettingValues values(List<Setting<?>> settings) {
            SettingValues values = SettingValues.none();
            for (Setting<?> setting : settings) {
                if (random.nextBoolean() && setting.appliesTo(values)) {
                    values = with(values, setting);
                }
            }
            return values.withoutDefaults();
        }

        private <T> SettingValues with(SettingValues values, Setting<T> setting) {
            return values.with(setting, SettingDraws.value(setting, random));
        }

        LayerSelection selection() {
            SelectionRule rule =
                    switch (random.nextInt(7)) {
                        case 0 -> new SelectionRule.TopRatio(1 - random.nextDouble());
                        case 1 -> new SelectionRule.TopN(1 + random.nextInt(LAYERS));
                        case 2 -> new SelectionRule.Threshold(random.nextDouble() - 0.5);
                        case 3 -> new SelectionRule.ModuleRatio(random.nextBoolean() ? 1 : 1e-5, layers());
                        case 4 -> new SelectionRule.TopModules(1 + random.nextInt(9), layers());
                        case 5 -> SelectionRule.LastLayers.of(1 + random.nextInt(LAYERS), LAYERS);
                        default -> SelectionRule.ByHand.of(layers());
                    };
            return new LayerSelection(
                    layers(),
                    LAYERS,
                    new LayerSelection.Reason(
                            rule,
                            LayerLocks.of(List.of(1), List.of(2)),
                            one(UndefinedLayers.values()),
                            null,
                            or(null, new RankBudget(1 + random.nextInt(9999), one(RankRule.values()), 1, 64))));
        }

        private SortedSet<Integer> layers() {
            SortedSet<Integer> layers = new TreeSet<>(List.of(random.nextInt(LAYERS)));
            IntStream.range(0, LAYERS).filter(layer -> random.nextBoolean()).forEach(layers::add);
            return layers;
        }

        private <T extends @Nullable Object> T or(T usual, T other) {
            return random.nextBoolean() ? usual : other;
        }

        private <T> T one(T[] values) {
            return values[random.nextInt(values.length)];
        }
    }
}
