package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.analysis.uncertainty.SplitHalves;
import org.layerwise.base.json.Json;
import org.layerwise.base.json.Yaml;
import org.layerwise.base.setting.Setting;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.testing.EarlierFiles;
import org.layerwise.testing.Golden;
import org.layerwise.testing.JsonNumbers;

/** Files that version 0.1.0 wrote are opened by the command line, and the same commands write the same files. */
class EarlierFilesTest {

    /** Another processor rounds sums in another order. */
    private static final double ROUNDING = 1e-4;

    /** Differs from run to run, and from one machine to another. */
    static final Set<String> OF_THE_MOMENT = Set.of(
            "id",
            "created",
            "evaluated_rows_sha256", // of losses with all their digits
            "started",
            "ended",
            "computed",
            "seconds",
            "process",
            "versions",
            "environment",
            "tokens_per_second",
            "step_seconds",
            "seconds_per_step",
            "memory_bytes",
            "peak_memory_bytes",
            "out");

    @TempDir
    private Path folder;

    private CommandLineFixture cli;

    @BeforeEach
    void copy() {
        EarlierFiles.copy(folder);
        cli = new CommandLineFixture(folder);
    }

    private void run(String... args) {
        List<String> all = new ArrayList<>(Arrays.asList(args));
        all.replaceAll(arg -> arg.replace("@", folder + "/"));
        int code = cli.run(all.toArray(String[]::new));
        assertThat(code).as("%s: %s", all, cli.errLines()).isEqualTo(ExitCode.OK);
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    private void assertAlike(String name, String expected, String... ignored) {
        Set<String> all = new HashSet<>(OF_THE_MOMENT);
        all.addAll(List.of(ignored));
        JsonNumbers.assertAlike(
                comparable(Json.read(file(name))), comparable(Json.read(file(expected))), ROUNDING, all);
    }

    /** Removes the intervals whose method is another one since 0.1.0: all but those of accuracy. */
    private static JsonNode comparable(JsonNode json) {
        if (json instanceof ObjectNode object) {
            object.remove(List.of("no_intervals", "intervals"));
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                if (name.endsWith("_intervals")) {
                    ((ObjectNode) object.get(name)).retain("accuracy");
                } else if (name.matches("(f1|matthews|loss)_(low|high)")) {
                    object.remove(name);
                }
            }
        }
        json.forEach(EarlierFilesTest::comparable);
        return json;
    }

    /** Steps and evaluations with their losses and metrics. */
    private void assertSameCourse(String run, String expected) throws IOException {
        List<String> lines = Files.readAllLines(file(run).resolve("metrics.jsonl"));
        List<String> others = Files.readAllLines(file(expected).resolve("metrics.jsonl"));
        assertThat(lines).hasSameSizeAs(others);
        for (int i = 0; i < lines.size(); i++) {
            JsonNumbers.assertAlike(
                    comparable(Json.parse(lines.get(i))), comparable(Json.parse(others.get(i))), 0.001, OF_THE_MOMENT);
        }
    }

    /** Settings that 0.1.0 did not have hold their defaults, which are its behaviour. */
    private static <T> void addDefault(ObjectNode actual, ObjectNode expected, String name, Setting<T> setting) {
        if (actual.has(name) && !expected.has(name)) {
            T value = setting.defaultValue().orElseThrow();
            expected.set(name, Json.tree(value instanceof Enum<?> ? setting.write(value) : value));
        }
    }

    /** The same keys and values; a number may be written in another way, as 16 for 16.0. */
    private static void assertSameSettings(ObjectNode actual, ObjectNode expected) {
        if (!expected.has("sampling")) {
            expected.put("sampling", "first"); // 0.1.0 left out this default
        }
        TrainingSettings.VALUES.forEach(setting -> addDefault(actual, expected, setting.name(), setting));
        assertThat(actual.properties()).hasSameSizeAs(expected.properties());
        for (var entry : expected.properties()) {
            String is = actual.path(entry.getKey()).asText();
            String was = entry.getValue().asText();
            if (!entry.getKey().equals("out") && !is.equals(was)) {
                assertThat(new BigDecimal(is)).as(entry.getKey()).isEqualByComparingTo(new BigDecimal(was));
            }
        }
    }

    private void assertSameTensors(String name, String expected) {
        try (SafetensorsFile actual = SafetensorsFile.open(file(name));
                SafetensorsFile other = SafetensorsFile.open(file(expected))) {
            assertThat(actual.names()).isEqualTo(other.names());
            for (String tensor : other.names()) {
                assertThat(Golden.doubles(actual, tensor))
                        .as(tensor)
                        .containsExactly(Golden.doubles(other, tensor), within(ROUNDING));
            }
        }
    }

    @Test
    void anAnalysisOfEveryMeasureIsComputedAgain() {
        run(
                "analyze",
                "--model=@model",
                "--data=@words.tsv",
                "--measure=cka,debiased-cka,rbf-cka,minibatch-cka,cosine,block-influence,procrustes,svcca,pwcca,rsa,gradient-norm,fisher",
                "--minibatch=8",
                "--rbf-bandwidth=0.5",
                "--svcca-variance=0.9",
                "--bootstrap=20",
                "--permutations=20",
                "--position=mean",
                "--samples=20",
                "--sampling=random",
                "--sampling-seed=7",
                "--max-length=16",
                "--batch=4",
                "--ratio=0.75",
                "--undefined=include",
                "--seed=3",
                "--name=every-measure",
                "--out=@again");

        ObjectNode again = (ObjectNode) Json.read(file("again/analysis.json"));
        ObjectNode provenance = (ObjectNode) again.path("provenance");
        assertThat(provenance.remove("rows_sha256").asText())
                .as("0.1.0 did not write it")
                .matches("[0-9a-f]{64}");
        assertThat(again.path("gradient_loss").asText())
                .as("0.1.0 did not tell of the losses of classifiers")
                .isEqualTo("mean over rows, for language models over learnt tokens");
        withoutReliability(again); // 0.1.0 split no rows
        again.set("gradient_loss", Json.read(file("analysis/analysis.json")).path("gradient_loss"));
        Json.write(file("again/analysis.json"), again);
        assertAlike("again/analysis.json", "analysis/analysis.json");
    }

    private static void withoutReliability(ObjectNode analysis) {
        assertThat(analysis.remove("reliability").path("splits").asInt()).isEqualTo(SplitHalves.SPLITS);
        analysis.path("other_measures").forEach(other -> ((ObjectNode) other).remove("reliability"));
        ArrayNode remarks = (ArrayNode) analysis.path("remarks");
        for (int i = remarks.size() - 1; i >= 0; i--) {
            if (remarks.get(i).asText().contains("split-half reliability")) {
                remarks.remove(i);
            }
        }
    }

    @Test
    void analysesAreComparedAndSelectedFrom() throws IOException {
        run("compare", "--analysis=@analysis,@analysis-states", "--out=@again");
        for (String table : List.of("agreement.csv", "difference.csv", "importance.csv")) {
            assertThat(file("again").resolve(table))
                    .hasSameTextualContentAs(file("comparison").resolve(table));
        }

        run(
                "select",
                "--analysis=@analysis",
                "--top=2",
                "--always=0",
                "--never=1",
                "--out=@again.json",
                "--export=peft=@again.py",
                "--export=peft-config=@again-config.json",
                "--export=one-hot=@again.txt");
        assertAlike("again.json", "selection.json");
        assertThat(file("again.py"))
                .hasContent(Files.readString(file("peft.py"))
                        // 0.1.0 named locked layers as if it counted them
                        .replace("always 0, never 1", "always layer 0, never layer 1"));
        ObjectNode exported = (ObjectNode) Json.read(file("again-config.json"));
        assertThat(exported.remove("modules_to_save"))
                .as("with those that PEFT adds by itself, as in the files of trained adapters")
                .isEqualTo(Json.tree(List.of("classifier", "score")));
        Json.read(file("adapter_config.json")).properties().forEach(entry -> assertThat(exported.path(entry.getKey()))
                .as(entry.getKey())
                .isEqualTo(entry.getKey().equals("modules_to_save") ? MissingNode.getInstance() : entry.getValue()));
        assertThat(file("again.txt")).hasSameTextualContentAs(file("one-hot.txt"));

        run(
                "select",
                "--analysis=@analysis-decoder",
                "--ratio=0.5",
                "--out=@again.json",
                "--export=axolotl=@again.yml",
                "--export=llama-factory=@again.yaml");
        assertAlike("again.json", "selection-decoder.json");
        assertThat(file("again.yml")).hasSameTextualContentAs(file("axolotl.yml"));
        assertThat(file("again.yaml")).hasSameTextualContentAs(file("llama-factory.yaml"));
    }

    @Test
    void representationsAreAnalyzedAgain() {
        run("extract", "--model=@model", "--data=@words.tsv", "--out=@again.safetensors");
        assertSameTensors("again.safetensors", "states.safetensors");

        run("analyze", "--representations=@states.safetensors", "--out=@again");
        assertAlike("again/analysis.json", "analysis-states/analysis.json", "data"); // in the header of the tensors
    }

    @Test
    void runsAreListed() {
        run("runs", folder.toString(), "--format=json", "--out=@again.json");

        JsonNode again = Json.read(file("again.json"));
        Map<String, Integer> steps =
                Map.of("run", 14, "run-every-flag", 8, "run-undisturbed", 21, "run-decoder", 4, "run-interrupted", 0);
        for (JsonNode one : again) { // 0.1.0 wrote neither
            String name = one.path("name").asText();
            JsonNode step = ((ObjectNode) one).remove("validation_step");
            assertThat(step == null || step.isNull() ? null : (Integer) step.asInt())
                    .as(name)
                    .isEqualTo(steps.get(name));
            assertThat(((ObjectNode) one).remove("peak_memory_of").asText())
                    .as(name)
                    .isEqualTo(name.equals("run-remote") ? "job" : "process");
        }
        JsonNumbers.assertAlike(again, Json.read(file("runs.json")), ROUNDING, OF_THE_MOMENT);
    }

    @Test
    void aRunThatWasKilledEndsAsOneThatWasNot() throws IOException {
        run("train", "--resume=@run-interrupted");

        assertSameTensors(
                "run-interrupted/adapter/adapter_model.safetensors",
                "run-undisturbed/adapter/adapter_model.safetensors");
        assertSameCourse("run-interrupted", "run-undisturbed");
        assertAlike("run-interrupted/summary.json", "run-undisturbed/summary.json");
    }

    /** Each setting of the file has another value than its default. */
    @Test
    void aConfigurationWithEverySettingTrainsTheSame() throws IOException {
        run("train", "--config=@run-every-flag/config.yaml", "--out=@again");

        assertSameRun("again");
        ObjectNode again = Yaml.read(file("again/config.yaml"));
        ObjectNode earlier = Yaml.read(file("run-every-flag/config.yaml"));
        // these count for another scheduler alone
        earlier.remove(List.of("scheduler-power", "scheduler-end"));
        assertSameSettings(again, earlier);
    }

    @Test
    void aRunThatWaitedIsTrained() throws IOException {
        run("train", "--resume=@run-queued");

        assertSameRun("run-queued");
    }

    private void assertSameRun(String name) throws IOException {
        assertSameTensors(
                name + "/adapter/adapter_model.safetensors", "run-every-flag/adapter/adapter_model.safetensors");
        assertSameCourse(name, "run-every-flag");
        assertThat(Files.readString(file(name).resolve("adapter/adapter_config.json")))
                .isEqualTo(Files.readString(file("run-every-flag/adapter/adapter_config.json")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rslora", "pissa", "pissa_niter_4"})
    void aRunOfEachVariantTrainsTheSame(String variant) throws IOException {
        run("train", "--config=@run-%s/config.yaml".formatted(variant), "--out=@again");

        assertSameTensors(
                "again/adapter/adapter_model.safetensors",
                "run-%s/adapter/adapter_model.safetensors".formatted(variant));
        assertThat(Files.readString(file("again/adapter/adapter_config.json")))
                .isEqualTo(Files.readString(file("run-%s/adapter/adapter_config.json".formatted(variant))));
    }

    @Test
    void aRunThatBeganWithAnAdapterTrainsTheSame() throws IOException {
        run("train", "--config=@run-from-adapter/config.yaml", "--out=@again");

        assertSameTensors(
                "again/adapter/adapter_model.safetensors", "run-from-adapter/adapter/adapter_model.safetensors");
        assertSameCourse("again", "run-from-adapter");
    }

    /** By the loss after training, which the run's summary has. */
    @ParameterizedTest
    @CsvSource({
        "run, model, words.tsv, 16",
        "run-every-flag, model, words.tsv, 12",
        "run-undisturbed, model, words.tsv, 16",
        "run-decoder, decoder, decoder.jsonl, 128"
    })
    void anAdapterIsEvaluated(String run, String model, String data, int length) {
        run(
                "evaluate",
                "--model=@" + model,
                "--data=@" + data,
                "--adapter=@" + run + "/adapter",
                "--max-length=" + length,
                "--out=@again.json");

        JsonNode after = Json.read(file(run).resolve("summary.json")).get("after");
        assertThat(Json.read(file("again.json")).get("loss").doubleValue())
                .isCloseTo(after.get("loss").doubleValue(), within(ROUNDING));
    }

    @Test
    void anEvaluationIsWrittenAgain() throws IOException {
        run(
                "evaluate",
                "--model=@model",
                "--data=@words.tsv",
                "--adapter=@run/adapter",
                "--max-length=16",
                "--predictions=@again.jsonl",
                "--out=@again.json");

        assertAlike("again.json", "evaluation.json");
        List<String> lines = Files.readAllLines(file("again.jsonl"));
        List<String> expected = Files.readAllLines(file("predictions.jsonl"));
        assertThat(lines).hasSameSizeAs(expected);
        for (int i = 0; i < lines.size(); i++) {
            JsonNumbers.assertAlike(Json.parse(lines.get(i)), Json.parse(expected.get(i)), ROUNDING, Set.of());
        }
    }

    @Test
    void anAdapterIsConverted() {
        run("convert-adapter", "--adapter=@run-pissa/adapter", "--initial=@run-pissa/adapter-initial", "--out=@again");

        assertSameTensors("again/adapter_model.safetensors", "converted/adapter_model.safetensors");
        assertAlike("again/adapter_config.json", "converted/adapter_config.json");
    }

    @Test
    void aFinishedExperimentIsNotTrainedAgain() throws IOException {
        String results = Files.readString(file("experiment/results.csv"));
        Path adapter = file("experiment/runs/final/selected-lr0.001-seed42/adapter/adapter_model.safetensors");
        Object written = Files.getLastModifiedTime(adapter);

        run("experiment", "--config=@experiment/experiment.yaml", "--out=@experiment");

        assertThat(Files.readString(file("experiment/results.csv"))).isEqualTo(results);
        assertThat(Files.getLastModifiedTime(adapter)).isEqualTo(written);
    }

    @Test
    void aJobIsWrittenAgain() {
        run(
                "export-job",
                "--model=@model",
                "--data=@words.tsv",
                "--validation=@words.tsv",
                "--selection=@selection.json",
                "--out=@again",
                "--epochs=2",
                "--batch=4",
                "--max-length=16",
                "--seed=5");

        ObjectNode plan = (ObjectNode) Json.read(file("job/plan.json"));
        ObjectNode again = (ObjectNode) Json.read(file("again/plan.json"));
        TrainingSettings.VALUES.forEach(
                setting -> addDefault(again, plan, setting.name().replace('-', '_'), setting));
        // later versions compare more of the adapter that comes back
        ObjectNode kind = (ObjectNode) again.path("adapter");
        List<String> earlier = new ArrayList<>();
        plan.path("adapter").fieldNames().forEachRemaining(earlier::add);
        assertThat(kind.size()).isGreaterThan(earlier.size());
        kind.retain(earlier);
        JsonNumbers.assertAlike(again, plan, ROUNDING, OF_THE_MOMENT);
        assertSameTensors("again/rows.safetensors", "job/rows.safetensors");
        assertSameTensors(
                "again/adapter-initial/adapter_model.safetensors", "job/adapter-initial/adapter_model.safetensors");
        ObjectNode settings = Yaml.read(file("job/config.yaml"));
        settings.remove("prefix-cache"); // 0.1.0 wrote its default, 0; now a cache that fits is the default
        assertSameSettings(Yaml.read(file("again/config.yaml")), settings);
        for (String text : List.of("job.sbatch", "README.md")) {
            assertThat(file("again").resolve(text))
                    .as(text)
                    .hasSameTextualContentAs(file("job").resolve(text));
        }
    }

    @Test
    void clustersAreListed() {
        run("remote", "list");

        assertThat(cli.out())
                .contains(
                        "http://head:8265",
                        folder + "/storage",
                        "python3.11",
                        "me@head:2222, gpu, 2:00:00, 2 x 4 GPUs",
                        "/scratch/me/layerwise");
    }
}
