package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerwise.analysis.measure.Measures;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.json.Json;
import org.layerwise.base.json.Yaml;
import org.layerwise.data.TaskPreset;
import org.layerwise.lora.LoraSettings;
import org.layerwise.selection.LayerSelection;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.experiment.Arm;
import org.layerwise.study.experiment.ExperimentSettings;
import org.layerwise.study.experiment.rules.AdapterRanks;
import org.layerwise.testing.Golden;
import org.layerwise.training.OptimiserSettings;
import org.layerwise.training.TaskKind;
import picocli.CommandLine;

/** All of {@code sample-configs/} is read by the commands that the files are for. */
class SampleConfigsTest {

    private static final Path CONFIGS = Path.of("sample-configs");
    private static final Path PAPER = CONFIGS.resolve("paper");

    /** Small models with the names of the published ones' parts. */
    private static final Map<String, String> ALIKE = Map.of(
            "google/gemma-7b", "gemma",
            "meta-llama/Llama-2-7b-hf", "llama",
            "mistralai/Mistral-7B-v0.1", "mistral",
            "microsoft/deberta-v3-base", "deberta_v3",
            "roberta-base", "roberta",
            "llava-hf/llava-1.5-7b-hf", "llava");

    private static final Map<String, List<String>> MODULES = new HashMap<>();

    @TempDir
    Path folder;

    static List<Path> ofTrain() throws IOException {
        try (Stream<Path> files = Files.walk(CONFIGS)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("quick-start.yaml"))
                    .filter(file -> !file.getFileName().toString().matches("(experiment|league)-.*"))
                    .sorted()
                    .toList();
        }
    }

    static List<JsonNode> published() {
        List<JsonNode> recipes = new ArrayList<>();
        facts().forEach(recipes::add);
        return recipes;
    }

    @ParameterizedTest
    @MethodSource("ofTrain")
    void everyFileIsAConfigOfTrain(Path file) {
        TrainCommand train = parse("train", file).getCommand();
    }

    static List<Path> ofExperiment() throws IOException {
        try (Stream<Path> files = Files.list(CONFIGS)) {
            return files.filter(file -> file.getFileName().toString().startsWith("experiment-"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("ofExperiment")
    void anExperimentComparesFourArmsBySeedsAndRates(Path file) throws IOException {
        ExperimentCommand experiment = parse("experiment", file).getCommand();
        ExperimentSettings settings = experiment.settings();

        assertThat(settings.arms()).isEqualTo(Arm.USUAL);
        assertThat(settings.seeds()).isEqualTo(3);
        assertThat(settings.rates()).hasSize(3);
        assertThat(settings.analysis().ratio()).isEqualTo(0.5);
        String name = file.getFileName().toString().replace(".yaml", "");
        assertThat(settings.out()).isEqualTo(Path.of("work", name));
        assertThat(Files.readString(file))
                .contains("run.sh experiment --config " + file.toString().replace('\\', '/'));
        if (DataSettings.isSample(settings.data().data())) {
            assertThat(settings.training().validation()).endsWith(":validation");
            assertThat(settings.training().test()).endsWith(":test");
        }
    }

    static List<Path> ofLeague() throws IOException {
        try (Stream<Path> files = Files.list(CONFIGS)) {
            return files.filter(file -> file.getFileName().toString().startsWith("league-"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("ofLeague")
    void theLeagueComparesCriteriaWithAllAndRandomLayers(Path file) throws IOException {
        ExperimentSettings settings = league(file);

        assertThat(settings.arms()).contains(Arm.ALL, Arm.RANDOM, Arm.LAST);
        assertThat(settings.arms())
                .filteredOn(arm -> Measures.ids().contains(arm.id()))
                .extracting(Arm::id)
                .contains("debiased-cka", "gradient-norm");
        assertThat(settings.seeds()).isGreaterThanOrEqualTo(5);
        assertThat(settings.rates()).hasSize(3);
        String name = file.getFileName().toString().replace(".yaml", "");
        assertThat(settings.out()).isEqualTo(Path.of("work", name));
        assertThat(Files.readString(file)).contains("run.sh experiment --config sample-configs/" + file.getFileName());
    }

    @Test
    void theTasksOfTheSampleModelHaveTheSameArms() throws IOException {
        List<List<Arm>> arms = ofLeague().stream()
                .map(this::league)
                .filter(settings -> settings.model().model().equals("sample"))
                .map(ExperimentSettings::arms)
                .toList();

        assertThat(arms).hasSize(3);
        assertThat(arms.stream().distinct()).hasSize(1);
        assertThat(arms.get(0)).contains(Arm.ALL.with(AdapterRanks.HALF));
        assertThat(arms.get(0))
                .filteredOn(arm -> Measures.ids().contains(arm.id()))
                .hasSize(9);
        assertThat(arms.get(0)).hasSize(15).extracting(Arm::id).contains("adapter-energy", "eva-ranks");
    }

    @Test
    void theTasksOfLargerModelsNameTheModelOnTheCommandLineAndTheScriptThatWritesIt() throws IOException {
        List<Path> larger = ofLeague().stream()
                .filter(file -> !Yaml.read(file).has("model"))
                .toList();

        assertThat(larger).hasSize(2);
        for (Path file : larger) {
            String text = Files.readString(file);
            assertThat(text).contains("--model work/");
            Matcher script = Pattern.compile("src/test/python/\\w+\\.py").matcher(text);
            assertThat(script.find()).isTrue();
            assertThat(Path.of(script.group())).isRegularFile();
        }
    }

    private ExperimentSettings league(Path file) {
        return parse("experiment", file).<ExperimentCommand>getCommand().settings();
    }

    @Test
    void theQuickStartIsAConfigOfThreeCommands() {
        Path file = CONFIGS.resolve("quick-start.yaml");

        AnalyzeCommand analyze = parse("analyze", file).getCommand();
        CommandLine select = parse("select", file);
        TrainCommand train = parse("train", file).getCommand();

        assertThat(analyze.settings().ratio()).isEqualTo(0.5);
        assertThat(option(select, "--analysis")).isEqualTo(option(parse("analyze", file), "--out"));
        assertThat(option(parse("train", file), "--selection")).isEqualTo(option(select, "--out"));
    }

    @Test
    void thePublishedConfigurationsAreAllThereAndNoOther() throws IOException {
        try (Stream<Path> files = Files.list(PAPER)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(published().stream()
                            .map(recipe -> recipe.path("file").asText() + ".yaml")
                            .toList())
                    .hasSize(29);
        }
    }

    @ParameterizedTest
    @MethodSource("published")
    void aPublishedConfigurationSaysWhatThePaperSays(JsonNode recipe) {
        Path file = PAPER.resolve(recipe.path("file").asText() + ".yaml");
        TrainCommand train = parse("train", file).getCommand();
        ModelSettings model = train.modelSettings();
        DataSettings data = train.dataSettings();
        String oneHot = recipe.path("one_hot").asText();
        TrainingSettings training = train.trainingSettings(oneHot.length());

        assertThat(model.model()).isEqualTo(recipe.path("model").asText());
        assertThat(model.type().id())
                .isEqualTo(recipe.path("precision").asText().equals("fp16") ? "f16" : "bf16");
        assertThat(training.task()).isEqualTo(task(recipe));
        int all = 1_000_000; // more rows than any of the data sets has
        assertThat(data.samples()).isEqualTo(recipe.path("train_samples").asInt(all));
        String preset = recipe.path("task").asText().matches("metamath|python")
                ? "instruction"
                : recipe.path("task").asText();
        assertThat(data.preset()).isNotNull().extracting(TaskPreset::id).isEqualTo(preset);
        assertThat(data.maxLength()).isEqualTo(recipe.path("max_length").asInt(4096));
        assertThat(data.batch()).isEqualTo(recipe.path("batch_size").asInt());
        assertThat(training.adapter().layers()).containsExactlyElementsOf(numbers(recipe.path("selected_layers")));
        assertThat(LayerSelection.byHand(training.adapter().layers(), oneHot.length())
                        .oneHot())
                .isEqualTo(oneHot);
        assertThat(training.adapter().targetModules()).containsExactlyElementsOf(texts(recipe.path("target_modules")));
        assertThat(training.adapter().variant().id())
                .isEqualTo(recipe.path("method").asText().equals("pissa") ? "pissa" : "lora");
        assertThat(training.adapter().rank()).isEqualTo(recipe.path("r").asInt());
        assertThat(training.adapter().values().get(LoraSettings.ALPHA))
                .isEqualTo(recipe.path("lora_alpha").asDouble());
        assertThat(training.adapter().dropout())
                .isEqualTo(recipe.path("lora_dropout").asDouble());
        assertThat(training.get(OptimiserSettings.ACCUMULATE))
                .isEqualTo(recipe.path("grad_accumulation").asInt());
        assertThat(training.get(OptimiserSettings.LEARNING_RATE))
                .isEqualTo(recipe.path("learning_rate").asDouble());
        assertThat(training.get(OptimiserSettings.SCHEDULER).id())
                .isEqualTo(recipe.path("scheduler").asText());
        assertThat(training.get(OptimiserSettings.WARMUP_RATIO))
                .isEqualTo(recipe.path("warmup_ratio").asDouble());
        assertThat(training.get(OptimiserSettings.WEIGHT_DECAY))
                .isEqualTo(recipe.path("weight_decay").asDouble());
        assertThat(training.get(OptimiserSettings.EPOCHS))
                .isEqualTo(recipe.path("epochs").asDouble());
        assertThat(training.seed()).isEqualTo(recipe.path("seed").asLong());
        assertThat(training.get(OptimiserSettings.MAX_GRAD_NORM))
                .isEqualTo(1); // the default of the HuggingFace trainer that was used
    }

    @ParameterizedTest
    @MethodSource("published")
    void theTargetModulesAreThoseOfTheFamily(JsonNode recipe) {
        List<String> modules = MODULES.computeIfAbsent(recipe.path("model").asText(), this::modules);

        for (String target : texts(recipe.path("target_modules"))) {
            assertThat(modules).anySatisfy(module -> assertThat("." + module).endsWith("." + target));
        }
    }

    @ParameterizedTest
    @MethodSource("published")
    void theCommentNamesTheSourceAndHowToRunIt(JsonNode recipe) throws IOException {
        Path file = PAPER.resolve(recipe.path("file").asText() + ".yaml");

        assertThat(Files.readString(file))
                .contains(
                        "arXiv 2602.05988",
                        "run.sh train --config " + file.toString().replace('\\', '/'))
                .contains(recipe.path("one_hot").asText());
        assertThat(Yaml.read(file).path("out").asText())
                .isEqualTo("work/paper/" + recipe.path("file").asText());
    }

    private CommandLine parse(String command, Path file) {
        CommandLine root = RootCommand.commandLine(new CommandLineFixture(folder).context());
        ConfigFile config = ConfigFile.read(root, List.of(command, "--config=" + file));
        List<String> args = config.args();
        List<String> complete = new ArrayList<>(args);
        if (!command.equals("select") && args.stream().noneMatch(arg -> arg.startsWith("--data="))) {
            complete.add("--data=rows.parquet");
        }
        if (command.equals("experiment") && args.stream().noneMatch(arg -> arg.startsWith("--model="))) {
            complete.add("--model=my-model");
        }
        if (args.stream().noneMatch(arg -> arg.startsWith("--out="))) {
            complete.add("--out=" + folder.resolve("out"));
        }
        root.parseArgs(complete.toArray(String[]::new));
        CommandLine parsed = root.getSubcommands().get(command);
        parsed.<LayerwiseCommand>getCommand().read(config.settings());
        return parsed;
    }

    private static Object option(CommandLine command, String flag) {
        return command.getCommandSpec().findOption(flag).getValue();
    }

    private List<String> modules(String model) {
        try (Workbench workbench =
                new Workbench(new CommandLineFixture(folder).context().folders())) {
            return workbench
                    .outline(Golden.folder(ALIKE.get(model)).toString(), new PauseSwitch(), Progress.none())
                    .card()
                    .linearModules();
        }
    }

    private static TaskKind task(JsonNode recipe) {
        if (!recipe.path("family").asText().equals("encoder-only")) {
            return TaskKind.CAUSAL_LM;
        }
        return recipe.path("task").asText().equals("stsb") ? TaskKind.REGRESSION : TaskKind.CLASSIFICATION;
    }

    private static List<Integer> numbers(JsonNode array) {
        List<Integer> numbers = new ArrayList<>();
        array.forEach(number -> numbers.add(number.asInt()));
        return numbers;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static JsonNode facts() {
        return Json.read(Path.of("src/test/resources/org/layerwise/cli/paper-recipes.json"));
    }
}
