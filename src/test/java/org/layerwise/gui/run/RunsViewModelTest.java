package org.layerwise.gui.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.gui.ChosenFiles;
import org.layerwise.gui.Desk;
import org.layerwise.gui.InventedEngine;
import org.layerwise.gui.InventedRun;
import org.layerwise.gui.RememberedExports;
import org.layerwise.gui.chart.FigureExporter;
import org.layerwise.gui.common.Sheet;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.gui.session.StudySession;
import org.layerwise.remote.ssh.SshQuestions;
import org.layerwise.run.uncertainty.MetricIntervals;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.model.ModelCard;

class RunsViewModelTest {

    private static final Path RUNS = Path.of("runs");

    @TempDir
    Path folder;

    private final InventedEngine engine = new InventedEngine(0);
    private final Desk desk = new Desk();
    private final ChosenFiles files = new ChosenFiles();
    private final StudySession session = new StudySession();
    private final RunController work = new RunController(
            session, engine, desk, desk, desk, new NotedRuns(), SshQuestions.unanswered(), Clock.systemUTC());
    private final RunsViewModel runs = new RunsViewModel(
            session,
            engine,
            desk,
            desk,
            files,
            desk,
            new FigureExporter(desk, files, desk, new RememberedExports(), () -> false),
            work);

    @Test
    void runsOfAFolderAreComparedByTheSettingsInWhichTheyDiffer() {
        plant("half", settings(List.of(1, 5, 8), 42)).finished();
        plant("other-seed", settings(List.of(1, 5, 8), 7)).finished();
        open();
        assertThat(titles()).containsSubsequence("Run", "State", "Layers", "seed", "Trainable", "Step time");
        assertThat(titles()).doesNotContain("lr", "r", "model", "out", "layers");
        assertThat(column("seed")).containsExactly("42", "7");
        assertThat(column("Layers")).containsOnly("3 of 12");
        assertThat(column("State")).containsOnly("finished");
        assertThat(column("Test accuracy")).containsOnly("no test given");
        assertThat(column("Val. accuracy").get(0)).startsWith("0.80");
        assertThat(desk.notices()).containsExactly("Runs opened");
    }

    @Test
    void runsThatHaveEndedAreTestedAgainstEachOther() {
        plant("half", settings(List.of(1, 5, 8), 42)).finished();
        plant("other-seed", settings(List.of(1, 5, 8), 7)).finished();
        plant("cut", settings(List.of(1), 42)).cutOff(20);
        open();
        Sheet pairs = runs.pairsProperty().get().sheet();
        assertThat(pairs.columns().stream().map(Sheet.Column::title))
                .containsExactly(
                        "First", "Second", "Rows", "Metric", "McNemar p", "Difference", "Only first", "Only second");
        assertThat(pairs.rows()).hasSize(1);
        assertThat(pairs.csv()).containsPattern("validation,accuracy,0\\.18\\d+,-0\\.03125,18,10\n");
        assertThat(runs.pairsProperty().get().note()).contains("not another seed");

        runs.runs().stream().filter(run -> run.name().equals("half")).forEach(run -> run.chosenProperty()
                .set(false));
        assertThat(runs.pairsProperty().get().sheet().rows()).isEmpty();
    }

    @Test
    void aPairThatCannotBeTestedSaysWhy() {
        plant("elsewhere", settings(List.of(1), 42)).finished();
        plant("half", settings(List.of(1), 7)).finished();
        open();
        assertThat(runs.pairsProperty().get().sheet().csv()).contains("elsewhere keeps no rows.");
    }

    @Test
    void aTestThatWasGivenIsShown() {
        TrainingSettings settings = settings(List.of(1), 42).withHeldOut(null, "test.csv");
        plant("tested", settings).finished();
        plant("not-tested", settings(List.of(1), 42)).finished();
        open();
        assertThat(column("Test accuracy").get(0)).isEqualTo("no test given");
        assertThat(column("Test accuracy").get(1)).startsWith("0.80");
        assertThat(runs.tableProperty().get().csv()).contains(",test_accuracy").doesNotContain("no test given");
    }

    @Test
    void aRunIsOpenedOnceAndOnlyTheFirstAreChosen() {
        IntStream.range(0, 12).forEach(i -> plant(String.format(Locale.ROOT, "run-%02d", i), settings(List.of(i), 42))
                .cutOff(20));
        open();
        open();
        assertThat(runs.runs()).hasSize(12);
        assertThat(runs.chosen()).hasSize(8);
        RunEntry last = runs.runs().get(11);
        last.chosenProperty().set(true);
        assertThat(runs.chosen()).hasSize(9).endsWith(last);
        runs.runs().get(0).chosenProperty().set(false);
        assertThat(column("Run")).hasSize(8).doesNotContain("1 · run-00");
    }

    @Test
    void aRunThatWorksIsInTheTable() {
        RunEntry run = new RunEntry(1, "live", RUNS.resolve("live"), new TreeSet<>(List.of(2, 3)), 12);
        work.begin(
                run,
                new RunController.Planned(
                        "Training", engine.model("sample"), rows(), settings(List.of(2, 3), 42), null),
                summary -> {});
        assertThat(column("State")).containsExactly("queued");
        assertThat(column("Step time")).containsExactly("–");
        desk.work();
        assertThat(column("State")).containsExactly("finished");
        assertThat(column("Steps")).containsExactly("64");
        assertThat(column("Step time").get(0).replace('\u00a0', ' ')).isEqualTo("0.100 s");
    }

    @Test
    void theTableIsWrittenWithAllDigits() throws Exception {
        plant("half", settings(List.of(1, 5, 8), 42)).finished();
        open();
        Path file = folder.resolve("runs.csv");
        files.choose(file);
        runs.exportTable();
        desk.work();
        assertThat(Files.readAllLines(file))
                .hasSize(2)
                .first()
                .asString()
                .startsWith("run,state,layers,parameters,steps,step_time,memory,validation_loss");
        assertThat(Files.readString(file)).contains("half,finished,\"1,5,8\",");
        Interval interval = MetricIntervals.of(
                        "accuracy",
                        session.runs().get(0).summaryProperty().get().after())
                .orElseThrow();
        assertThat(Files.readString(file)).contains("," + interval.low() + " to " + interval.high());
        assertThat(column("95 % interval").get(0)).matches("0\\.\\d{3}–0\\.\\d{3}");
    }

    @Test
    void aRunWhoseBestAdapterWasKeptNamesItsStep() {
        plant("last", settings(List.of(1), 42)).finished();
        open();
        assertThat(titles()).doesNotContain("Val. step");
        plant("best", settings(List.of(1), 42).with(RunSettings.KEEP_BEST, true))
                .finished();
        open();
        assertThat(column("Steps")).containsExactly("64", "64");
        assertThat(column("Val. step")).containsExactlyInAnyOrder("64", "48");
        RunEntry best = session.runs().stream()
                .filter(run -> run.name().equals("best"))
                .findFirst()
                .orElseThrow();
        assertThat(EvaluationsTable.lines(best).stream().map(EvaluationsTable.Line::name))
                .containsExactly("before training", "kept, after step 48");
    }

    @Test
    void aFolderWithoutRunsSaysSo() {
        open();
        assertThat(runs.problemProperty().get().sentence()).startsWith("There is no run in runs");
    }

    @Test
    void whatWasCutOffIsOfferedAndGoesOn() {
        NotedRuns noted = new NotedRuns();
        noted.begun(RUNS.resolve("cut"));
        plant("cut", settings(List.of(1), 42)).cutOff(20);
        RunController again = new RunController(
                session, engine, desk, desk, desk, noted, SshQuestions.unanswered(), Clock.systemUTC());
        RunsViewModel atStart = new RunsViewModel(
                session,
                engine,
                desk,
                desk,
                files,
                desk,
                new FigureExporter(desk, files, desk, new RememberedExports(), () -> false),
                again);
        atStart.offerUnfinished();
        desk.work();
        assertThat(atStart.offered()).hasSize(1);
        assertThat(desk.notices()).containsExactly("A training was cut off");
        atStart.resumeOffered();
        assertThat(atStart.offered()).isEmpty();
        desk.work();
        assertThat(session.runs())
                .singleElement()
                .satisfies(run -> assertThat(run.stateProperty().get()).isEqualTo(RunEntry.State.FINISHED));
    }

    private InventedRun plant(String name, TrainingSettings settings) {
        ModelCard card = engine.model("sample").card();
        InventedRun run = new InventedRun(card, rows(), settings, RUNS.resolve(name));
        engine.plant(run);
        return run;
    }

    private static DataSettings rows() {
        return DataSettings.of("sample:definitions");
    }

    private static TrainingSettings settings(List<Integer> layers, long seed) {
        return TrainingSettings.defaults().withLayers(new TreeSet<>(layers)).withSeed(seed);
    }

    private void open() {
        runs.open(RUNS);
        desk.work();
    }

    private List<String> titles() {
        return runs.tableProperty().get().columns().stream()
                .map(Sheet.Column::title)
                .toList();
    }

    private List<String> column(String title) {
        int at = titles().indexOf(title);
        assertThat(at).as(title).isNotNegative();
        return runs.tableProperty().get().rows().stream()
                .map(row -> row.get(at).shown())
                .toList();
    }
}
