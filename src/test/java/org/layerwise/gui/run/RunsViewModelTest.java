package org.layerwise.gui.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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
import org.layerwise.gui.RememberedExports;
import org.layerwise.gui.TinyLab;
import org.layerwise.gui.chart.FigureExporter;
import org.layerwise.gui.common.Sheet;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.gui.session.StudySession;
import org.layerwise.run.uncertainty.MetricIntervals;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.training.OptimiserSettings;

class RunsViewModelTest {

    private static final int STEPS = 64;

    @TempDir
    static Path home;

    @TempDir
    Path folder;

    private final TinyLab lab = new TinyLab(home);
    private final Desk desk = new Desk();
    private final ChosenFiles files = new ChosenFiles();
    private final StudySession session = new StudySession();
    private final RunController work = new RunController(
            session, lab.workbench(), lab.clusters(), desk, desk, desk, new NotedRuns(), Clock.systemUTC());
    private final RunsViewModel runs = new RunsViewModel(
            session,
            desk,
            desk,
            files,
            desk,
            new FigureExporter(desk, files, desk, new RememberedExports(), () -> false),
            work);

    @Test
    void runsOfAFolderAreComparedByTheSettingsInWhichTheyDiffer() {
        finished("half", settings(List.of(1, 5, 8), 42));
        finished("other-seed", settings(List.of(1, 5, 8), 7));
        open();
        assertThat(titles()).containsSubsequence("Run", "State", "Layers", "seed", "Trainable", "Step time");
        assertThat(titles()).doesNotContain("lr", "r", "model", "out", "layers");
        assertThat(column("seed")).containsExactly("42", "7");
        assertThat(column("Layers")).containsOnly("3 of 12");
        assertThat(column("State")).containsOnly("finished");
        assertThat(column("Test accuracy")).containsOnly("no test given");
        assertThat(column("Val. accuracy").get(0)).startsWith("0.");
        assertThat(desk.notices()).containsExactly("Runs opened");
    }

    @Test
    void runsThatHaveEndedAreTestedAgainstEachOther() {
        finished("half", settings(List.of(1, 5, 8), 42));
        finished("other-seed", settings(List.of(1, 5, 8), 7));
        cutOff("cut", settings(List.of(1), 42));
        open();
        Sheet pairs = runs.pairsProperty().get().sheet();
        assertThat(pairs.columns().stream().map(Sheet.Column::title))
                .containsExactly(
                        "First", "Second", "Rows", "Metric", "McNemar p", "Difference", "Only first", "Only second");
        assertThat(pairs.rows()).hasSize(1);
        assertThat(pairs.csv()).containsPattern("validation,accuracy,1\\.0,0\\.0,8,8\n");
        assertThat(runs.pairsProperty().get().note()).contains("not another seed");

        runs.runs().stream().filter(run -> run.name().equals("half")).forEach(run -> run.chosenProperty()
                .set(false));
        assertThat(runs.pairsProperty().get().sheet().rows()).isEmpty();
    }

    @Test
    void aPairThatCannotBeTestedSaysWhy() throws IOException {
        finished("elsewhere", settings(List.of(1), 42));
        finished("half", settings(List.of(1), 7));
        Files.delete(there().resolve("elsewhere/evaluated-rows.json"));
        open();
        assertThat(runs.pairsProperty().get().sheet().csv())
                .contains("elsewhere,half,validation,There is no file ", "evaluated-rows.json");
    }

    @Test
    void aTestThatWasGivenIsShown() {
        TrainingSettings settings = settings(List.of(1), 42)
                .withHeldOut(
                        heldOut("held-out.csv").toString(), heldOut("test.csv").toString());
        finished("tested", settings);
        finished("not-tested", settings(List.of(1), 42));
        open();
        assertThat(column("Test accuracy").get(1)).isEqualTo("no test given");
        assertThat(column("Test accuracy").get(0)).startsWith("0.");
        assertThat(runs.tableProperty().get().csv()).contains(",test_accuracy").doesNotContain("no test given");
    }

    @Test
    void aRunIsOpenedOnceAndOnlyTheFirstAreChosen() {
        IntStream.range(0, 12)
                .forEach(i -> cutOff(String.format(Locale.ROOT, "run-%02d", i), settings(List.of(i), 42)));
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
        RunEntry run = new RunEntry(1, "live", there().resolve("live"), new TreeSet<>(List.of(2, 3)), 12);
        work.begin(
                run,
                new RunController.Planned("Training", lab.open("sample"), rows(), settings(List.of(2, 3), 42), null),
                summary -> {});
        assertThat(column("State")).containsExactly("queued");
        assertThat(column("Step time")).containsExactly("–");
        desk.work();
        assertThat(column("State")).containsExactly("finished");
        assertThat(column("Steps")).containsExactly("64");
        assertThat(column("Step time").get(0).replace('\u00a0', ' ')).matches("\\d\\.\\d+ s");
    }

    @Test
    void theTableIsWrittenWithAllDigits() throws Exception {
        finished("half", settings(List.of(1, 5, 8), 42));
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
        assertThat(column("95 % interval").get(0)).matches("\\d\\.\\d+–\\d\\.\\d+");
    }

    @Test
    void aRunWhoseBestAdapterWasKeptNamesItsStep() {
        finished("last", settings(List.of(1), 42));
        open();
        assertThat(titles()).doesNotContain("Val. step");
        finished("best", settings(List.of(1), 42).with(RunSettings.KEEP_BEST, true));
        open();
        assertThat(column("Steps")).containsExactly("64", "64");
        assertThat(column("Val. step")).containsExactlyInAnyOrder("64", "16");
        RunEntry best = session.runs().stream()
                .filter(run -> run.name().equals("best"))
                .findFirst()
                .orElseThrow();
        assertThat(EvaluationsTable.lines(best).stream().map(EvaluationsTable.Line::name))
                .containsExactly("before training", "kept, after step 16");
    }

    @Test
    void aFolderWithoutRunsSaysSo() {
        open();
        assertThat(runs.problemProperty().get().sentence()).startsWith("There is no run in " + there());
    }

    @Test
    void whatWasCutOffIsOfferedAndGoesOn() {
        NotedRuns noted = new NotedRuns();
        noted.begun(there().resolve("cut"));
        cutOff("cut", settings(List.of(1), 42));
        RunController again =
                new RunController(session, lab.workbench(), lab.clusters(), desk, desk, desk, noted, Clock.systemUTC());
        RunsViewModel atStart = new RunsViewModel(
                session,
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

    private void finished(String name, TrainingSettings settings) {
        lab.train(there().resolve(name), rows(), settings, Integer.MAX_VALUE);
    }

    private void cutOff(String name, TrainingSettings settings) {
        lab.cutOff(there().resolve(name), rows(), settings, 20);
    }

    private Path there() {
        return folder.resolve("runs");
    }

    private DataSettings rows() {
        return lab.rows("rows.csv", 4 * STEPS).withBatch(4);
    }

    private Path heldOut(String name) {
        return lab.table(name, 32);
    }

    private TrainingSettings settings(List<Integer> layers, long seed) {
        return TrainingSettings.defaults()
                .withLayers(new TreeSet<>(layers))
                .withSeed(seed)
                .withHeldOut(heldOut("held-out.csv").toString(), null)
                .with(OptimiserSettings.LEARNING_RATE, 0.02)
                .with(RunSettings.EVALUATE_EVERY, 16);
    }

    private void open() {
        runs.open(there());
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
