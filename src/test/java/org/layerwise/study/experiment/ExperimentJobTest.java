package org.layerwise.study.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.base.CancelledException;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.Folders;
import org.layerwise.base.json.Json;
import org.layerwise.base.json.Yaml;
import org.layerwise.base.setting.Setting;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.remote.Cluster;
import org.layerwise.remote.JobId;
import org.layerwise.remote.JobTicket;
import org.layerwise.remote.StorageFolder;
import org.layerwise.remote.WorkerCount;
import org.layerwise.remote.ssh.SshSetup;
import org.layerwise.run.Run;
import org.layerwise.run.RunLock;
import org.layerwise.run.RunState;
import org.layerwise.run.RunStore;
import org.layerwise.run.TrainingSummary;
import org.layerwise.selection.LayerList;
import org.layerwise.settings.AdapterSettings;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.RemoteOptions;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.AnalysisFolder;
import org.layerwise.study.analysis.AnalysisJob;
import org.layerwise.study.cluster.ClusterAccess;
import org.layerwise.study.cluster.ClusterExtraction;
import org.layerwise.study.cluster.ClusterTraining;
import org.layerwise.study.evaluation.EvaluationJob;
import org.layerwise.study.experiment.rules.AdapterRanks;
import org.layerwise.study.experiment.rules.LayerChoice;
import org.layerwise.study.experiment.rules.Sweep;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.training.PlannedTraining;
import org.layerwise.study.training.TrainingJob;
import org.layerwise.testing.PlainSsh;
import org.layerwise.testing.WordTokenizer;
import org.layerwise.training.Evaluation;
import org.layerwise.training.OptimiserSettings;
import org.layerwise.training.TrainingListener;

/** A tiny experiment from its settings to its report, and one that is stopped. */
class ExperimentJobTest extends TinyExperiment {

    private static final int STEPS = 3;

    private ExperimentSettings settings(List<Arm> arms, List<Double> rates, int seeds, @Nullable String test) {
        return settings(training(STEPS, 2, 4, test), AnalysisSettings.defaults(), arms, rates, seeds, "experiment");
    }

    @Test
    void validationRowsAreNotMeasuredByThemselves() {
        ExperimentSettings usual = settings(List.of(Arm.SELECTED), List.of(1e-3), 1, null);
        ExperimentSettings own = new ExperimentSettings(
                usual.model(),
                DataSettings.of("sample:definitions:test"),
                usual.training().withHeldOut(null, rows),
                usual.analysis(),
                usual.arms(),
                usual.rates(),
                usual.seeds(),
                usual.out());
        assertThatThrownBy(() -> run(own, Progress.none(), ExperimentListener.none()))
                .isInstanceOf(UserException.class)
                .hasMessageEndingWith("for example --validation sample:definitions:validation.");
        assertThat(usual.out()).doesNotExist();
    }

    /** Progress of an experiment that is refused before its rows are read. */
    private static Progress unread() {
        return new Progress() {
            @Override
            public void report(double fraction, String message) {
                throw new AssertionError(message);
            }

            @Override
            public boolean cancelled() {
                return false;
            }
        };
    }

    @Test
    void rowsThatDoNotFitAreToldAndRefusedBeforeAnythingIsWritten() throws IOException {
        ExperimentSettings settings = settings(List.of(Arm.SELECTED), List.of(1e-3), 1, null);
        ExperimentSettings packed = new ExperimentSettings(
                settings.model(),
                settings.data(),
                settings.training().with(SettingValues.none().with(OptimiserSettings.PACKING, true)),
                settings.analysis(),
                settings.arms(),
                settings.rates(),
                settings.seeds(),
                settings.out());
        for (boolean exists : new boolean[] {false, true}) {
            if (exists) {
                Files.createDirectories(settings.out());
            }
            List<String> messages = new ArrayList<>();
            Progress telling = new Progress() {
                @Override
                public void report(double fraction, String message) {
                    messages.add(message);
                }

                @Override
                public boolean cancelled() {
                    return false;
                }
            };
            assertThatThrownBy(() -> run(packed, telling, ExperimentListener.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageStartingWith("--packing is for language models");
            assertThat(messages).startsWith("Reading the rows").contains("Reading classes.jsonl");
            assertThat(Files.exists(settings.out())).isEqualTo(exists);
            assertThat(settings.out().resolve(ExperimentFile.NAME)).doesNotExist();
        }
    }

    /** Their hash takes long for a large model, and an analysis computes it beside its own work. */
    @Test
    void trainingsArePlannedWithoutTheFilesOfTheWeights() throws IOException {
        Path copy = WordTokenizer.copy("bert", folder.resolve("model"));
        ExperimentSettings settings = settings(List.of(Arm.ALL), List.of(1e-3), 1, null);
        try (OpenModel copied = workbench.openModel(copy.toString(), "cpu", Progress.none())) {
            Path config = copy.resolve(Checkpoint.CONFIG);
            String opened = Files.readString(config);
            Files.writeString(config, opened.replaceFirst("\\{", "{\"changed\": true,"));
            PlannedTraining planned =
                    PlannedTraining.of(workbench, copied, settings.data(), settings.training(), Progress.none());

            assertThatThrownBy(() -> planned.identity(Progress.none()))
                    .as("the files are read")
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining(Checkpoint.CONFIG);
        }
    }

    @Test
    void theWholeGridIsRunAndTold() throws IOException {
        RunCounter ear = new RunCounter();
        ExperimentSettings settings = settings(Arm.USUAL, List.of(1e-3, 5e-3), 2, rows);
        ExperimentResult result = run(settings, ear, ear);

        // the selected layers of this model are the last ones, so two of the 16 runs repeat others
        assertThat(proposals(result).layers(Arm.LAST, 7)).isEqualTo(result.selected());
        assertThat(ear.begun).hasSize(14).doesNotHaveDuplicates();
        assertThat(result.layers()).isEqualTo(model.card().layers());
        assertThat(result.broken()).isEmpty();
        assertThat(result.sweep()).hasSize(8);
        assertThat(result.sweep().values()).allMatch(summary -> summary.test() == null);
        assertThat(result.rows().test()).isTrue();
        for (ArmResult arm : result.arms()) {
            assertThat(arm.runs())
                    .extracting(run -> run.cell().seed())
                    .as("the sweep's seed is not among them")
                    .containsExactly(7L, 8L);
            assertThat(arm.runs()).allMatch(run -> run.summary().steps() == STEPS);
            Sweep.Tried best = Sweep.best(arm.tried(), result.metric()).orElseThrow();
            assertThat(arm.rate()).isEqualTo(best.rate());
            assertThat(arm.interval()).isNotNull();
            for (FinalRun run : arm.runs()) {
                assertThat(run.summary().layers())
                        .isEqualTo(
                                proposals(result).layers(arm.arm(), run.cell().seed()));
                assertThat(run.summary().folder().resolve("adapter/README.md"))
                        .content()
                        .contains(
                                switch ((LayerChoice.Plain) arm.arm().choice()) {
                                    case ALL -> "They were chosen as all layers of an experiment";
                                    case SELECTED -> "They were chosen by ratio ";
                                    case RANDOM -> "They were chosen at random for an experiment";
                                    case LAST -> "They were chosen as the last layers for an experiment";
                                    case PRUNED -> throw new AssertionError("not trained");
                                });
                assertThat(run.predictions()).isNotNull();
                int[] all = IntStream.range(0, run.predictions().rows()).toArray();
                assertThat(run.predictions().metric("accuracy", all))
                        .isEqualTo(result.metric().of(run.measured()));
            }
        }
        ArmResult all = result.arm(Arm.ALL).orElseThrow();
        assertThat(all.fromAll()).isNull();
        assertThat(result.arm(Arm.LAST).orElseThrow().fromAll()).isNotNull();
        assertThat(all.adapterParameters())
                .isEqualTo(2 * result.arm(Arm.LAST).orElseThrow().adapterParameters());
        assertThat(new RunStore(settings.out()).runs(remark -> {})).hasSize(16);
        tells(settings, result);
    }

    private static Proposals proposals(ExperimentResult result) {
        Proposals.Proposed selected = new Proposals.Proposed(result.selected(), "", Optional.empty());
        return new Proposals(
                result.layers(),
                selected.layers().size(),
                LinearCka.MEASURE,
                Map.of(LinearCka.MEASURE, selected),
                Map.of());
    }

    /** Arms by several measures come from one analysis, and arms that are added later from a second one. */
    @Test
    void measuresChooseLayersModulesAndRanks() throws IOException {
        List<Arm> arms = Stream.of("all", "all-half-r", "last-mlp", "snr", "debiased-cka-attention-half-r")
                .map(id -> Arm.of(id).orElseThrow())
                .toList();
        ExperimentSettings settings = settings(arms, List.of(1e-3), 1, null);
        ExperimentResult result = run(settings, Progress.none(), ExperimentListener.none());

        Analysis analysis = AnalysisFolder.read(settings.out().resolve("analysis"));
        assertThat(analysis.results()).extracting(one -> one.measure().id()).containsExactly("snr", "debiased-cka");
        assertThat(result.arms()).extracting(ArmResult::arm).isEqualTo(arms);
        for (ArmResult arm : result.arms()) {
            TrainingSummary summary = arm.runs().get(0).summary();
            JsonNode config = Json.read(summary.folder().resolve("adapter/adapter_config.json"));
            boolean half = arm.arm().ranks() == AdapterRanks.HALF;
            assertThat(config.path("r").asInt()).isEqualTo(half ? 1 : 2);
            assertThat(config.path("lora_alpha").asInt()).isEqualTo(half ? 2 : 4);
            if (arm.arm().choice() instanceof LayerChoice.ByMeasure by) {
                assertThat(summary.layers())
                        .isEqualTo(
                                analysis.proposed(analysis.result(by.measure()).orElseThrow())
                                        .layers());
            }
        }
        double all = result.arms().get(0).adapterParameters();
        assertThat(result.arms().get(1).adapterParameters()).isEqualTo(all / 2);
        assertThat(result.arms().get(2).adapterParameters()).isBetween(1.0, all / 2 - 1);
        assertThat(result.arms().get(4).adapterParameters()).isBetween(1.0, all / 4 - 1);

        List<Arm> more =
                List.of(Arm.ALL, Arm.of("cka").orElseThrow(), Arm.of("snr").orElseThrow());
        RunCounter ear = new RunCounter();
        run(settings(more, List.of(1e-3), 1, null), ear, ear);
        assertThat(ear.begun).extracting(Cell::arm).containsExactly(more.get(1));
        assertThat(AnalysisFolder.read(settings.out().resolve("analysis")).results())
                .extracting(one -> one.measure().id())
                .contains("cka", "snr");
    }

    @Test
    void adaptersThatAreNotPossibleAreRefusedBeforeAnythingIsWritten() {
        ExperimentSettings settings = settings(List.of(Arm.ALL.with(AdapterRanks.HALF)), List.of(1e-3), 1, null);
        ExperimentSettings odd = new ExperimentSettings(
                settings.model(),
                settings.data(),
                settings.training().with(AdapterSettings.DEFAULTS.withRank(3, 4)),
                settings.analysis(),
                settings.arms(),
                settings.rates(),
                settings.seeds(),
                settings.out());
        assertThatThrownBy(() -> run(odd, unread(), ExperimentListener.none()))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Half of the rank 3");
        assertThat(settings.out()).doesNotExist();
    }

    private static void tells(ExperimentSettings settings, ExperimentResult result) throws IOException {
        Path out = settings.out();
        assertThat(Files.readAllLines(out.resolve("results.csv"))).hasSize(17).allSatisfy(line -> assertThat(
                        line.chars().filter(letter -> letter == ',').count())
                .isEqualTo(19));
        List<String> summary = Files.readAllLines(out.resolve("summary.csv"));
        assertThat(summary).hasSize(5).allSatisfy(line -> assertThat(line.split(",", -1))
                .hasSize(26));
        assertThat(summary.get(1)).startsWith("all,").endsWith(",".repeat(11) + "false");
        String markdown = Files.readString(out.resolve("report.md"));
        String html = Files.readString(out.resolve("report.html"));
        for (String row : summary.subList(1, 5)) {
            assertThat(markdown)
                    .contains("| " + Arm.of(row.split(",")[0]).orElseThrow().words());
        }
        assertThat(markdown)
                .contains(
                        "## How to read it",
                        "nothing was chosen by (one more",
                        "2 seeds an arm",
                        "The intervals of differences cover other seeds and other rows",
                        "Not decided against all layers",
                        "libtorch",
                        "model sha256")
                .contains(ReportNumbers.metric(result.arms().get(0).mean()))
                // each final run has the intervals of its metric and its loss
                .containsPattern(
                        "\\| all layers \\| \\d+ \\|.*\\| -?\\d\\.\\d{4} \\| -?\\d\\.\\d{4} to -?\\d\\.\\d{4} \\|"
                                + " \\d\\.\\d{4} \\| \\d\\.\\d{4} to \\d\\.\\d{4} \\|");
        assertThat(html)
                .contains(
                        "<table>",
                        "2 seeds an arm",
                        ReportNumbers.metric(result.arms().get(0).mean()))
                .contains("data:image/png;base64,iVBOR")
                .doesNotContain("src=\"metric.png\"", "http://", "https://", "<script");
        assertThat(html.split("data:image/png", -1)).hasSize(6);
        assertThat(Yaml.read(out.resolve("experiment.yaml")).path("arms").asText())
                .isEqualTo("all,selected,random,last");
    }

    @Test
    void oneThatWasStoppedGoesOnWhereItStopped() throws IOException {
        List<Arm> arms = List.of(Arm.ALL, Arm.LAST);
        ExperimentSettings settings = settings(arms, List.of(1e-3, 5e-3), 2, null);
        RunCounter first = new RunCounter(6);
        assertThatThrownBy(() -> run(settings, first, first)).isInstanceOf(CancelledException.class);

        assertThat(first.begun).hasSize(6);
        Path stopped = settings.out().resolve(first.begun.get(5).folder());
        assertThat(Run.open(stopped).state()).isEqualTo(RunState.CANCELLED);
        assertThat(settings.out().resolve("report.html")).doesNotExist();
        Map<Path, String> before = ended(settings.out());
        assertThat(before).hasSize(5);

        RunCounter second = new RunCounter();
        ExperimentResult result = run(settings, second, second);
        assertThat(second.begun)
                .as("only what was not finished is run: four of the sweep and one final run were")
                .hasSize(3)
                .startsWith(first.begun.get(5))
                .doesNotContainAnyElementsOf(first.begun.subList(0, 5));
        assertThat(second.ended).hasSize(8);
        assertThat(ended(settings.out())).containsAllEntriesOf(before).hasSize(8);
        assertThat(Run.open(stopped).history().steps()).hasSize(STEPS);

        RunCounter third = new RunCounter();
        ExperimentResult again = run(settings, third, third);
        assertThat(third.begun).isEmpty();
        assertThat(again.arms()).usingRecursiveComparison().isEqualTo(result.arms());

        ExperimentSettings whole = new ExperimentSettings(
                settings.model(),
                settings.data(),
                settings.training(),
                settings.analysis(),
                arms,
                settings.rates(),
                2,
                folder.resolve("whole"));
        ExperimentResult unbroken = run(whole, Progress.none(), ExperimentListener.none());
        assertThat(unbroken.arms())
                .as("the same numbers as without a stop")
                .extracting(ArmResult::values)
                .isEqualTo(result.arms().stream().map(ArmResult::values).toList());
    }

    /** When each finished run ended. */
    private static Map<Path, String> ended(Path out) throws IOException {
        Map<Path, String> times = new TreeMap<>();
        try (Stream<Path> files = Files.walk(out)) {
            for (Path file : files.filter(path -> path.endsWith("run.json")).toList()) {
                String text = Files.readString(file);
                if (text.contains("\"finished\"")) {
                    times.put(file, text);
                }
            }
        }
        return times;
    }

    @Test
    void moreSeedsOrArmsAreAddedToWhatIsThere() {
        run(settings(List.of(Arm.ALL), List.of(1e-3), 1, null), Progress.none(), ExperimentListener.none());
        RunCounter ear = new RunCounter();
        ExperimentResult result = run(settings(List.of(Arm.ALL, Arm.LAST), List.of(1e-3), 2, null), ear, ear);

        assertThat(ear.begun).hasSize(3);
        assertThat(result.arms()).allMatch(arm -> arm.runs().size() == 2);
        assertThat(result.selected()).as("nobody asked for the analysis").isNull();
        assertThat(ExperimentReport.remarks(result))
                .anyMatch(remark -> remark.startsWith("There are no test rows"))
                .anyMatch(remark -> remark.contains("All arms have the same learning rate"));
    }

    /** An analysis that lies there would choose the layers, whatever it is of. */
    @Test
    void whatLiesInTheFolderAlreadyIsNotTakenForTheExperiments() throws IOException {
        ExperimentSettings settings = settings(List.of(Arm.ALL), List.of(1e-3), 1, null);
        for (String name : List.of("analysis", "report.md")) {
            Path mine = Files.createDirectories(settings.out().resolve(name));
            assertThatThrownBy(() -> run(settings, Progress.none(), ExperimentListener.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining(mine + " belongs to no experiment");
            Files.delete(mine);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "experiment.yaml",
                "summary.csv",
                "report.html",
                "runs",
                "runs/all",
                "analysis",
                ".experiment.lock"
            })
    void nothingIsWrittenThroughALink(String name) throws IOException {
        ExperimentSettings settings = settings(List.of(Arm.ALL), List.of(1e-3), 1, null);
        Files.createDirectories(settings.out());
        ExperimentFile.write(settings);
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Path file = Files.writeString(
                elsewhere.resolve("mine"), Files.readString(settings.out().resolve("experiment.yaml")));
        String mine = Files.readString(file);
        Path link = settings.out().resolve(name);
        Files.createDirectories(link.getParent());
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, name.contains(".") ? file : elsewhere);

        assertThatThrownBy(() -> run(settings, Progress.none(), new RunCounter()))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(link + " is a link");
        assertThat(file).hasContent(mine);
        assertThat(elsewhere).isDirectoryNotContaining(path -> !path.equals(file));
    }

    @Test
    void twoProgramsDoNotShareTheRunsOfOne() throws IOException {
        ExperimentSettings settings = settings(List.of(Arm.ALL), List.of(1e-3, 1e-2), 1, null);
        Files.createDirectories(settings.out());
        try (RunLock another = RunLock.take(settings.out())) {
            assertThatThrownBy(() -> run(settings, unread(), ExperimentListener.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("is writing into " + settings.out());
            assertThat(settings.out().resolve("runs")).doesNotExist();
        }
        run(settings, Progress.none(), ExperimentListener.none());
        assertThat(settings.out().resolve("report.html")).exists();
    }

    private static final List<String> RESULTS = List.of(
            "results.csv", "summary.csv", "metric.png", "parameters.png", "curves.png", "report.md", "report.html");

    private static Map<String, byte[]> results(Path out) throws IOException {
        Map<String, byte[]> results = new TreeMap<>();
        for (String name : RESULTS) {
            results.put(name, Files.readAllBytes(out.resolve(name)));
        }
        return results;
    }

    @Test
    void resultsThatCannotAllBeWrittenReplaceNone() throws IOException {
        ExperimentSettings settings = settings(List.of(Arm.ALL), List.of(1e-3), 1, null);
        run(settings, Progress.none(), ExperimentListener.none());
        String before = Files.readString(settings.out().resolve("results.csv"));
        Path way = settings.out().resolve("report.md");
        Files.delete(way);
        Files.createDirectory(way);

        assertThatThrownBy(() -> run(
                        settings(List.of(Arm.ALL), List.of(1e-3), 2, null), Progress.none(), ExperimentListener.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(way.toString());
        assertThat(settings.out().resolve("results.csv")).hasContent(before);
    }

    /** As a kill leaves them, after the first of the new results were moved to their places. */
    @Test
    void resultsOfAKilledWriterAreMovedToTheirPlacesAtTheNextStart() throws IOException {
        ExperimentSettings settings = settings(List.of(Arm.ALL), List.of(1e-3), 1, null);
        run(settings, Progress.none(), ExperimentListener.none());
        Map<String, byte[]> one = results(settings.out());
        run(settings(List.of(Arm.ALL), List.of(1e-3), 2, null), Progress.none(), ExperimentListener.none());
        Map<String, byte[]> two = results(settings.out());
        Path ready = Files.createDirectory(settings.out().resolve(".experiment.ready"));
        for (String name : RESULTS) {
            if (!name.equals("results.csv")) {
                Files.write(ready.resolve(name), two.get(name));
                Files.write(settings.out().resolve(name), one.get(name));
            }
        }
        Files.delete(settings.out().resolve("report.html"));

        assertThatThrownBy(() -> run(
                        settings(List.of(Arm.ALL), List.of(1e-3), 2, rows), Progress.none(), ExperimentListener.none()))
                .as("another start, which is refused")
                .isInstanceOf(UserException.class);

        assertThat(ready).doesNotExist();
        assertThat(results(settings.out())).usingRecursiveComparison().isEqualTo(two);
    }

    @Test
    void otherSettingsAreNotMixedIn() {
        ExperimentSettings settings = settings(List.of(Arm.ALL), List.of(1e-3), 1, null);
        run(settings, Progress.none(), ExperimentListener.none());
        ExperimentSettings other = new ExperimentSettings(
                settings.model(),
                settings.data(),
                settings.training().with(AdapterSettings.DEFAULTS.withRank(3, 4)),
                settings.analysis(),
                settings.arms(),
                settings.rates(),
                1,
                settings.out());

        assertThatThrownBy(() -> run(other, unread(), ExperimentListener.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(
                        "began with r 2, not 3; leave it as it was, or choose another folder with --out.");
    }

    /** As the runs of an earlier version are, which drew random layers by another rule. */
    @Test
    void runsOnOtherLayersAreNotMixedIn() throws IOException {
        ExperimentSettings settings = settings(List.of(Arm.RANDOM), List.of(1e-3), 1, null);
        ExperimentResult result = run(settings, Progress.none(), ExperimentListener.none());
        SortedSet<Integer> drawn = result.arms().get(0).runs().get(0).summary().layers();
        SortedSet<Integer> other = new TreeSet<>(List.of(drawn.contains(0) ? 1 : 0));
        Path file = settings.out()
                .resolve(result.arms().get(0).runs().get(0).cell().folder())
                .resolve("run.json");
        ObjectNode json = (ObjectNode) Json.read(file);
        json.set("layers", new ObjectMapper().valueToTree(other));
        Files.writeString(file, json.toString());

        assertThatThrownBy(() -> run(
                        settings(List.of(Arm.RANDOM), List.of(1e-3), 2, null),
                        Progress.none(),
                        ExperimentListener.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("random-lr0.001-seed7 has adapters on layers " + LayerList.format(other))
                .hasMessageContaining(
                        "\"random layers\" with seed 7 are layers %s now (earlier versions drew them by another rule)"
                                .formatted(LayerList.format(drawn)));
        assertThat(settings.out().resolve("runs/final/random-lr0.001-seed8")).doesNotExist();
    }

    /** Its results would be told as those of the settings that the experiment has. */
    @ParameterizedTest
    @CsvSource({
        "lr, 0.05, 0.001",
        "seed, 9, 7",
        "r, 3, 2",
        "alpha, 8, 4",
        "weight-decay, 0.5, 0",
        "steps, 2, 3",
        "keep-best, true, false",
        "batch, 2, 4",
        "samples, 8, 16",
        "max-length, 64, 128"
    })
    void aRunThatWasReplacedByAnotherIsNotMixedIn(String flag, String other, String own) {
        ExperimentSettings settings = settings(List.of(Arm.ALL), List.of(1e-3), 1, null);
        Path out = onlyRun(run(settings, Progress.none(), ExperimentListener.none()));
        train(
                new DataSettings(
                        settings.data().data(), changed(settings.data().values(), DataSettings.VALUES, flag, other)),
                settings.training().with(changed(SettingValues.none(), TrainingSettings.VALUES, flag, other)),
                out);

        assertThatThrownBy(() -> run(settings, Progress.none(), ExperimentListener.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("The run in %s ".formatted(out))
                .hasMessageContaining(
                        flag.equals("samples")
                                ? "the training rows, their labels or their tokens have changed since it began"
                                : "has --%s %s, not %s as the experiment".formatted(flag, other, own))
                .hasMessageContaining("delete that folder");
    }

    private static SettingValues changed(SettingValues values, List<Setting<?>> settings, String name, String value) {
        return settings.stream()
                .filter(setting -> setting.name().equals(name))
                .findFirst()
                .map(setting -> with(values, setting, value))
                .orElse(values);
    }

    private static <T> SettingValues with(SettingValues values, Setting<T> setting, String value) {
        return values.with(setting, setting.read(setting.name(), value));
    }

    private void train(DataSettings data, TrainingSettings training, Path out) {
        new TrainingJob(workbench, model, data, training, out).run(Progress.none(), TrainingListener.none());
    }

    /** Returns the folder of the only run of an experiment. */
    private static Path onlyRun(ExperimentResult result) {
        return result.arms().get(0).runs().get(0).summary().folder();
    }

    @Test
    void aRunOfAnotherTypeIsNotMixedIn() {
        ExperimentSettings settings = settings(List.of(Arm.ALL), List.of(1e-3), 1, null);
        Path folder = onlyRun(run(settings, Progress.none(), ExperimentListener.none()));
        ObjectNode json = (ObjectNode) Json.read(folder.resolve("run.json"));
        ((ObjectNode) json.path("environment")).put("dtype", "bfloat16");
        Json.write(folder.resolve("run.json"), json);

        assertThatThrownBy(() -> run(settings, Progress.none(), ExperimentListener.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(
                        "The run in %s has computed in bfloat16, but the experiment computes in float32 here"
                                .formatted(folder));
    }

    @Test
    void aRunOfAnotherModelIsNotMixedIn() {
        ExperimentSettings settings = settings(List.of(Arm.ALL), List.of(1e-3), 1, null);
        Path file = onlyRun(run(settings, Progress.none(), ExperimentListener.none()))
                .resolve("run.json");
        ObjectNode json = (ObjectNode) Json.read(file);
        ((ObjectNode) json.path("identity")).put("model_sha256", "0".repeat(64));
        Json.write(file, json);

        assertThatThrownBy(() -> run(settings, Progress.none(), ExperimentListener.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(
                        "the weights of bert have changed since it began; put them back, or delete that folder");
    }

    @Test
    void theSameRunTrainedAgainIsTaken() throws IOException {
        ExperimentSettings settings = settings(List.of(Arm.ALL), List.of(1e-3), 1, null);
        ExperimentResult first = run(settings, Progress.none(), ExperimentListener.none());
        Path out = onlyRun(first);
        Files.writeString(out.resolve(Predictions.FILE), "{}");
        Files.writeString(out.resolve("predictions-origin.json"), "{}");
        train(settings.data(), settings.training(), out);
        assertThat(out.resolve(Predictions.FILE)).as("of the run before").doesNotExist();

        ExperimentResult again = run(settings, Progress.none(), ExperimentListener.none());

        assertThat(again.arms().get(0).values()).isEqualTo(first.arms().get(0).values());
    }

    /** The rows that a training keeps are those of its own evaluation, so nothing is computed twice. */
    @Test
    void predictionsOfTheTrainingAreTakenAndEqualThoseOfTheAdapter() throws IOException {
        ExperimentSettings settings = settings(List.of(Arm.ALL), List.of(1e-3), 1, null);
        FinalRun kept = run(settings, Progress.none(), ExperimentListener.none())
                .arms()
                .get(0)
                .runs()
                .get(0);
        Path out = settings.out().resolve(kept.cell().folder());
        assertThat(out.resolve(Predictions.FILE)).doesNotExist();

        FinalRun made = withPredictions(settings).arms().get(0).runs().get(0);

        assertThat(out.resolve(Predictions.FILE)).exists();
        assertThat(Objects.requireNonNull(kept.predictions()).predicted())
                .isEqualTo(Objects.requireNonNull(made.predictions()).predicted());
        assertThat(kept.predictions().labels()).isEqualTo(made.predictions().labels());
        assertThat(kept.measured()).isEqualTo(made.measured());
    }

    /** Runs an experiment of one run as an earlier version did, which kept no rows and made predictions instead. */
    private ExperimentResult withPredictions(ExperimentSettings settings) throws IOException {
        Path out = onlyRun(run(settings, Progress.none(), ExperimentListener.none()));
        Path summary = out.resolve("summary.json");
        ObjectNode json = (ObjectNode) Json.read(summary);
        assertThat(json.remove("evaluated_rows_sha256")).isNotNull();
        Json.write(summary, json);
        Files.delete(out.resolve("evaluated-rows.json"));
        return run(settings, Progress.none(), ExperimentListener.none());
    }

    @Test
    void predictionsOfAnotherAdapterAreMadeAnew() throws IOException {
        ExperimentSettings settings = settings(List.of(Arm.ALL), List.of(1e-3), 1, null);
        Path out = onlyRun(withPredictions(settings));
        Path predictions = out.resolve(Predictions.FILE);
        String before = Files.readString(predictions);
        Path other = folder.resolve("other");
        train(settings.data(), settings.training().with(OptimiserSettings.LEARNING_RATE, 0.05), other);
        String weights = "adapter/adapter_model.safetensors";
        Files.copy(other.resolve(weights), out.resolve(weights), StandardCopyOption.REPLACE_EXISTING);
        RunCounter notes = new RunCounter();

        run(settings, notes, notes);

        String after = Files.readString(predictions);
        assertThat(after).isNotEqualTo(before);
        new EvaluationJob(
                        workbench,
                        model,
                        out.resolve("adapter"),
                        settings.data().withBatch(null),
                        null,
                        predictions,
                        null)
                .run(Progress.none());
        assertThat(predictions).hasContent(after);
        assertThat(notes.noted).anyMatch(note -> note.startsWith(predictions + " is made anew"));
    }

    /** As an earlier version left them, which did not write of which adapter they are. */
    @Test
    void predictionsOfAnUnknownAdapterAreMadeAnew() throws IOException {
        ExperimentSettings settings = settings(List.of(Arm.ALL), List.of(1e-3), 1, null);
        ExperimentResult first = withPredictions(settings);
        Path predictions = onlyRun(first).resolve(Predictions.FILE);
        String own = Files.readString(predictions);
        Files.writeString(predictions, own.replace("\"predicted\":0", "\"predicted\":1"));
        Files.deleteIfExists(onlyRun(first).resolve("predictions-origin.json"));

        ExperimentResult again = run(settings, Progress.none(), ExperimentListener.none());

        assertThat(predictions).hasContent(own);
        assertThat(again.arms().get(0).values()).isEqualTo(first.arms().get(0).values());
    }

    /** As of a job that computes in bfloat16, while this computer predicts in float32. */
    @Test
    void valuesAndIntervalsAreThoseOfTheSamePredictions() throws IOException {
        ExperimentSettings settings = settings(List.of(Arm.ALL), List.of(1e-3), 1, null);
        ExperimentResult first = run(settings, Progress.none(), ExperimentListener.none());
        FinalRun before = first.arms().get(0).runs().get(0);
        double accuracy = before.measured().metrics().get("accuracy");
        assertThat(before.own()).as("a run here").isEqualTo(before.measured());
        assertThat(ExperimentReport.remarks(first)).noneMatch(remark -> remark.contains("made on this computer"));
        Path summary = settings.out().resolve(before.cell().folder()).resolve("summary.json");
        ObjectNode told = (ObjectNode) Json.read(summary);
        ((ObjectNode) told.path("after")).put("accuracy", accuracy - 0.125);
        Json.write(summary, told);

        ExperimentResult result = run(settings, Progress.none(), ExperimentListener.none());

        ArmResult arm = result.arms().get(0);
        assertThat(arm.runs().get(0).own().metrics()).containsEntry("accuracy", accuracy - 0.125);
        assertThat(arm.values()).containsExactly(accuracy);
        assertThat(arm.interval()).isEqualTo(first.arms().get(0).interval());
        assertThat(ExperimentReport.remarks(result))
                .anyMatch(remark -> remark.contains("made on this computer with the adapters of the runs")
                        && remark.contains("the runs themselves measured differs from it by at most 0.1250"));
    }

    @Test
    void aRunWithoutAValueIsToldWithTheReason() throws IOException {
        ExperimentSettings settings = settings(List.of(Arm.ALL, Arm.LAST), List.of(1e-3), 1, null);
        ExperimentResult first = run(settings, Progress.none(), ExperimentListener.none());
        Path summary = settings.out()
                .resolve(first.arms().get(1).runs().get(0).cell().folder())
                .resolve("summary.json");
        ObjectNode told = (ObjectNode) Json.read(summary);
        ((ObjectNode) told.path("after")).put("accuracy", Double.NaN);
        Json.write(summary, told);

        ExperimentResult result = run(settings, Progress.none(), ExperimentListener.none());

        assertThat(result.arms().get(1).mean()).isNaN();
        assertThat(ExperimentReport.remarks(result))
                .anyMatch(remark -> remark.contains("has no accuracy: a row of its evaluation"))
                .noneMatch(remark -> remark.contains("made on this computer"))
                .noneMatch(remark -> remark.contains("cannot be told of single rows"));
    }

    @Test
    void lossesAreThoseOfTheRunsEvenWhereOtherMetricsAreNot() throws IOException {
        ExperimentSettings accuracy = settings(List.of(Arm.ALL), List.of(1e-3), 1, null);
        ExperimentSettings settings = new ExperimentSettings(
                accuracy.model(),
                accuracy.data(),
                accuracy.training().with(RunSettings.BEST_METRIC, Evaluation.LOSS),
                accuracy.analysis(),
                accuracy.arms(),
                accuracy.rates(),
                accuracy.seeds(),
                accuracy.out());
        ExperimentResult first = run(settings, Progress.none(), ExperimentListener.none());
        Path summary = settings.out()
                .resolve(first.arms().get(0).runs().get(0).cell().folder())
                .resolve("summary.json");
        ObjectNode told = (ObjectNode) Json.read(summary);
        ((ObjectNode) told.path("after")).put("accuracy", 0.125);
        Json.write(summary, told);

        ExperimentResult result = run(settings, Progress.none(), ExperimentListener.none());

        assertThat(ExperimentReport.remarks(result)).noneMatch(remark -> remark.contains("made on this computer"));
    }

    /** As of an experiment on a cluster that is taken up again with another {@code --model-there}. */
    @Test
    void aRunThatLearntFromAnotherModelOnAClusterIsNotMixedIn() throws IOException {
        ExperimentSettings settings = settings(List.of(Arm.ALL), List.of(1e-3), 1, null);
        ExperimentResult result = run(settings, Progress.none(), ExperimentListener.none());
        Path out =
                settings.out().resolve(result.arms().get(0).runs().get(0).cell().folder());
        WorkerCount workers = new WorkerCount(1, false);
        new JobTicket("lab", new JobId("lw-20260131-235959-0a1b2c3d"), "lw-20260131-235959-0a1b2c3d", workers)
                .write(out);
        Json.write(
                out.resolve("plan.json"), Json.object().put("model", "org/name").put("model_revision", "v1"));

        for (String other : List.of("/scratch/name", "org/other@v1", "org/name@v2", "org/name")) {
            assertThatThrownBy(() -> on("lab", new RemoteOptions(workers, other, false), settings))
                    .as(other)
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining(out + " was sent with the model org/name@v1 there");
        }
        ExperimentResult again = on("lab", new RemoteOptions(workers, "org/name@v1", false), settings);

        assertThat(again.arms().get(0).runs()).hasSize(1);
    }

    private ExperimentResult on(String name, RemoteOptions there, ExperimentSettings settings) {
        Cluster target = new Cluster.Ray(
                name,
                URI.create("http://127.0.0.1:1"),
                new StorageFolder("/mnt/lab", Optional.of(folder.resolve("storage"))),
                Optional.empty(),
                "python");
        SshSetup setup = SshSetup.of(folder, Map.of(), folder.resolve("config"), PlainSsh.unanswered());
        return new ExperimentJob(workbench, model, settings)
                .on(
                        new ClusterTraining(workbench, target, setup, ClusterAccess.LOOK_EVERY),
                        new ClusterExtraction(workbench, model, target, setup, there, remark -> {}),
                        there)
                .run(new PauseSwitch(), Progress.none(), ExperimentListener.none());
    }

    @Test
    void rowsThatHaveChangedAreNotMixedIn() throws IOException {
        run(settings(List.of(Arm.ALL), List.of(1e-3), 1, null), Progress.none(), ExperimentListener.none());
        List<String> lines = Files.readAllLines(Path.of(rows));
        Files.write(Path.of(rows), lines.subList(0, lines.size() - 1));

        assertThatThrownBy(() -> run(
                        settings(List.of(Arm.ALL), List.of(1e-3), 2, null), Progress.none(), ExperimentListener.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("the training rows, their labels or their tokens have changed since it began");
    }

    /** The texts, which the data's own hash covers, are the same, and no prediction is made anew. */
    @ParameterizedTest
    @ValueSource(strings = {"the training rows, their labels or their tokens", "the validation rows", "the test rows"})
    void labelsThatHaveChangedAreNotMixedIn(String what) throws IOException {
        Path train = Files.copy(Path.of(rows), folder.resolve("train.jsonl"));
        Path validation = Files.copy(Path.of(rows), folder.resolve("validation.jsonl"));
        Path test = Files.copy(Path.of(rows), folder.resolve("test.jsonl"));
        ExperimentSettings asked = settings(List.of(Arm.ALL), List.of(1e-3), 1, null);
        ExperimentSettings settings = new ExperimentSettings(
                asked.model(),
                asked.data().with(train.toString()),
                asked.training().withHeldOut(validation.toString(), test.toString()),
                asked.analysis(),
                asked.arms(),
                asked.rates(),
                asked.seeds(),
                asked.out());
        run(settings, Progress.none(), ExperimentListener.none());
        Path changed = what.contains("training") ? train : what.contains("test") ? test : validation;
        List<ObjectNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(changed)) {
            lines.add((ObjectNode) Json.parse(line));
        }
        JsonNode first = lines.get(0).path("labels");
        JsonNode other = lines.stream()
                .map(line -> line.path("labels"))
                .filter(label -> !label.equals(first))
                .findFirst()
                .orElseThrow();
        lines.get(0).set("labels", other);
        Files.write(changed, lines.stream().map(Json::line).toList());

        assertThatThrownBy(() -> run(settings, Progress.none(), ExperimentListener.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(what + " have changed since it began");
    }

    @Test
    void withoutRowsToChooseByThereIsNoSweep() {
        ExperimentSettings settings = settings(List.of(Arm.ALL), List.of(1e-3, 2e-3), 1, rows);
        ExperimentSettings blind = new ExperimentSettings(
                settings.model(),
                settings.data(),
                settings.training().withHeldOut(null, rows),
                settings.analysis(),
                settings.arms(),
                settings.rates(),
                1,
                settings.out());

        assertThatThrownBy(() -> run(blind, Progress.none(), ExperimentListener.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("name a file with --validation, or a single rate with --lr");
    }

    @Test
    void anArmThatBreaksIsToldWithItsReason() {
        ExperimentSettings settings = settings(List.of(Arm.ALL), List.of(1e30), 1, null);

        assertThatThrownBy(() -> run(settings, Progress.none(), ExperimentListener.none()))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("No run on all layers came to its end: ");
        ExperimentSettings sweep = settings(List.of(Arm.LAST), List.of(1e30, 1e31), 1, null);
        assertThatThrownBy(() -> run(sweep, Progress.none(), ExperimentListener.none()))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("No run on last layers came to its end: ");
    }

    @Test
    void testRowsThatHaveChangedAreNotMixedIn() throws IOException {
        Path test = Files.copy(Path.of(rows), folder.resolve("test.jsonl"));
        run(settings(List.of(Arm.ALL), List.of(1e-3), 1, test.toString()), Progress.none(), ExperimentListener.none());
        List<String> lines = Files.readAllLines(test);
        Files.write(test, lines.subList(0, lines.size() - 1));

        assertThatThrownBy(() -> run(
                        settings(List.of(Arm.ALL), List.of(1e-3), 2, test.toString()),
                        Progress.none(),
                        ExperimentListener.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("the test rows have changed since it began");
    }

    /** Rows with the labels and the number of those before, and other tokens. */
    private static void editTokens(Path file) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        ObjectNode first = (ObjectNode) Json.parse(lines.get(0));
        ((ArrayNode) first.path("input_ids")).set(1, 7);
        assertThat(first.toString()).isNotEqualTo(lines.get(0));
        lines.set(0, first.toString());
        Files.write(file, lines);
    }

    @Test
    void testRowsWithOtherTextsAreNotMixedIn() throws IOException {
        Path test = Files.copy(Path.of(rows), folder.resolve("test.jsonl"));
        run(settings(List.of(Arm.ALL), List.of(1e-3), 1, test.toString()), Progress.none(), ExperimentListener.none());
        editTokens(test);

        assertThatThrownBy(() -> run(
                        settings(List.of(Arm.ALL), List.of(1e-3), 2, test.toString()),
                        Progress.none(),
                        ExperimentListener.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("the test rows have changed since it began");
    }

    @Test
    void predictionsAreMadeOnlyOfTheRowsThatTheRunWasMeasuredOn() throws IOException {
        Path test = Files.copy(Path.of(rows), folder.resolve("test.jsonl"));
        ExperimentSettings settings = settings(List.of(Arm.ALL), List.of(1e-3), 1, test.toString());
        ExperimentResult result = withPredictions(settings);
        Path made = settings.out()
                .resolve(result.arms().get(0).runs().get(0).cell().folder())
                .resolve(Predictions.FILE);
        Files.delete(made);
        editTokens(test);

        assertThatThrownBy(() -> run(settings, Progress.none(), ExperimentListener.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("the test rows have changed since it began");
        assertThat(made).doesNotExist();
    }

    @Test
    void predictionsThatWereChangedAreMadeAnew() throws IOException {
        ExperimentSettings settings = settings(List.of(Arm.ALL), List.of(1e-3), 1, rows);
        Path made = onlyRun(withPredictions(settings)).resolve(Predictions.FILE);
        List<String> lines = Files.readAllLines(made);
        Files.write(made, lines.subList(1, lines.size()));

        run(settings, Progress.none(), ExperimentListener.none());

        assertThat(Files.readAllLines(made)).isEqualTo(lines);
    }

    @Test
    void anAnalysisOfOtherRowsChoosesNoLayers() throws IOException {
        ExperimentSettings all = settings(List.of(Arm.SELECTED), List.of(1e-3), 1, null);
        run(all, Progress.none(), ExperimentListener.none());
        editTokens(Path.of(rows));

        assertThatThrownBy(() -> run(
                        settings(List.of(Arm.SELECTED), List.of(1e-3), 2, null),
                        Progress.none(),
                        ExperimentListener.none()))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("The rows of %s have changed since the analysis in ".formatted(rows))
                .hasMessageEndingWith("or choose another folder with --out.");
        assertThat(all.out().resolve("runs/final/selected-lr0.001-seed8")).doesNotExist();
    }

    @Test
    void anAnalysisOfOtherRowsIsMadeAnewWhereNoRunHasBegun() throws IOException {
        ExperimentSettings settings = settings(List.of(Arm.SELECTED), List.of(1e-3), 1, null);
        run(settings, Progress.none(), ExperimentListener.none());
        Folders.delete(settings.out().resolve("runs"));
        Path analysis = settings.out().resolve("analysis");
        String before = dataHash(analysis);
        editTokens(Path.of(rows));
        RunCounter notes = new RunCounter();

        run(settings, notes, notes);

        assertThat(notes.noted)
                .contains("The analysis in %s is made anew: the rows of %s have changed since."
                        .formatted(analysis, rows));
        assertThat(dataHash(analysis)).isNotEqualTo(before);
    }

    /** As another command left it there, which would choose other layers. */
    @ParameterizedTest
    @CsvSource({
        "position, last, first",
        "measure, rbf-cka, cka",
        "rbf-bandwidth, 2, 1",
        "ratio, 0.25, 0.5",
        "undefined, include, exclude"
    })
    void anAnalysisWithOtherSettingsChoosesNoLayers(String flag, String other, String own) {
        ExperimentSettings settings = settings(List.of(Arm.SELECTED), List.of(1e-3), 1, null);
        run(settings, Progress.none(), ExperimentListener.none());
        Path analysis = settings.out().resolve("analysis");
        Map<String, JsonNode> before = withoutTimes(analysis);
        AnalysisSettings others =
                new AnalysisSettings(changed(settings.analysis().values(), AnalysisSettings.VALUES, flag, other));
        AnalysisFolder.write(
                new AnalysisJob(workbench, model, settings.data(), others).run(Progress.none(), partial -> {}),
                analysis);
        String difference = "has --%s %s, not %s as the experiment".formatted(flag, other, own);

        assertThatThrownBy(() -> run(settings, Progress.none(), ExperimentListener.none()))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "The analysis in %s %s; delete that folder, and it is made again, or choose another folder with --out."
                                .formatted(analysis, difference));

        Folders.delete(settings.out().resolve("runs"));
        RunCounter notes = new RunCounter();
        run(settings, notes, notes);
        assertThat(notes.noted).contains("The analysis in %s is made anew: it %s.".formatted(analysis, difference));
        assertThat(withoutTimes(analysis)).isEqualTo(before);
    }

    private static Map<String, JsonNode> withoutTimes(Path analysis) {
        Map<String, JsonNode> json = new TreeMap<>();
        Json.read(analysis.resolve("analysis.json"))
                .properties()
                .forEach(entry -> json.put(entry.getKey(), entry.getValue()));
        json.keySet().removeAll(List.of("computed", "seconds"));
        return json;
    }

    @Test
    void anAnalysisOfAnAdapterChoosesNoLayers() {
        ExperimentSettings settings = settings(List.of(Arm.SELECTED), List.of(1e-3), 1, null);
        Path adapter = onlyRun(run(settings, Progress.none(), ExperimentListener.none()))
                .resolve("adapter");
        Path analysis = settings.out().resolve("analysis");
        AnalysisFolder.write(
                new AnalysisJob(workbench, model, settings.data(), settings.analysis(), adapter)
                        .run(Progress.none(), partial -> {}),
                analysis);

        assertThatThrownBy(() -> run(settings, Progress.none(), ExperimentListener.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("has --adapter %s, not left out as the experiment".formatted(adapter));
    }

    @Test
    void anAnalysisThatKnowsNoHashesIsTaken() throws IOException {
        ExperimentSettings settings = settings(List.of(Arm.SELECTED), List.of(1e-3), 1, null);
        run(settings, Progress.none(), ExperimentListener.none());
        Path file = settings.out().resolve("analysis").resolve("analysis.json");
        ObjectNode json = (ObjectNode) Json.read(file);
        json.remove("provenance");
        Json.write(file, json);
        Folders.delete(settings.out().resolve("runs"));

        run(settings, Progress.none(), ExperimentListener.none());

        assertThat(Json.read(file).has("provenance")).as("it was not made anew").isFalse();
    }

    private static String dataHash(Path analysis) {
        return Json.read(analysis.resolve("analysis.json"))
                .at("/provenance/data_sha256")
                .asText();
    }
}
