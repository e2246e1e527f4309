package org.layerwise.gui.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.SimpleDoubleProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.gui.ChosenFiles;
import org.layerwise.gui.Desk;
import org.layerwise.gui.RememberedExports;
import org.layerwise.gui.TinyLab;
import org.layerwise.gui.chart.FigureExporter;
import org.layerwise.gui.session.ExperimentEntry;
import org.layerwise.gui.session.ExperimentEntry.State;
import org.layerwise.gui.session.StudySession;
import org.layerwise.run.RunStore;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.experiment.Arm;
import org.layerwise.study.experiment.outcome.ArmOutcome;
import org.layerwise.study.experiment.outcome.Outcome;
import org.layerwise.training.OptimiserSettings;

/** Experiments and pilots of a tiny model, without a toolkit. */
class ExperimentViewModelTest {

    @TempDir
    static Path home;

    @TempDir
    Path folder;

    private final TinyLab lab = new TinyLab(home);
    private final Desk desk = new Desk();
    private final ChosenFiles files = new ChosenFiles();
    private final List<URI> opened = new ArrayList<>();
    private final StudySession session = new StudySession();
    private final ExperimentForm form = new ExperimentForm(new SimpleDoubleProperty(0.5));
    private TrainingSettings training = TrainingSettings.defaults()
            .with(OptimiserSettings.STEPS, 2)
            .withHeldOut(lab.table("held-out.csv", 12).toString(), null);
    private final ExperimentViewModel experiment = viewModel(session, form);

    private ExperimentViewModel viewModel(StudySession of, ExperimentForm with) {
        return new ExperimentViewModel(
                of,
                lab.workbench(),
                with,
                new SharedSettings(
                        () -> training,
                        () -> DataSettings.DEFAULT_BATCH,
                        Optional::empty,
                        AnalysisSettings::defaults,
                        List.of()),
                new ExperimentViewModel.World(
                        desk,
                        desk,
                        files,
                        desk,
                        new FigureExporter(desk, files, desk, new RememberedExports(), () -> false),
                        () -> folder.resolve("runs"),
                        Clock.systemUTC(),
                        opened::add));
    }

    private void openRows(StudySession of) {
        of.modelProperty().set(lab.open("sample"));
        of.dataProperty().set(lab.data(lab.rows("rows.csv", 24)));
    }

    @BeforeEach
    void openRows() {
        openRows(session);
        form.ask(Arm.SELECTED, false);
        form.ask(Arm.LAST, false);
        form.seedsProperty().set(2);
    }

    private ExperimentEntry shown() {
        return session.experimentProperty().get();
    }

    private State state() {
        return shown().stateProperty().get();
    }

    private long runs() {
        return new RunStore(shown().folder()).runs(remark -> {}).size();
    }

    @Test
    void thePlanComesFirstAndTheOutcomeGrowsWithEachRun() {
        assertThat(experiment.costProperty().get()).isEqualTo("2 arms × 2 seeds: 4 final runs");
        experiment.start();
        assertThat(state()).isEqualTo(State.QUEUED);
        assertThat(experiment.readyProperty().get()).as("it is queued").isFalse();
        List<Integer> finished = new ArrayList<>();
        List<Boolean> planned = new ArrayList<>();
        shown().placeProperty().addListener((place, was, is) -> {
            if (is.startsWith("Run ")) {
                planned.add(Files.isRegularFile(shown().folder().resolve("plan.yaml")));
            }
        });
        shown().outcomeProperty()
                .addListener((outcome, was, is) -> finished.add(
                        is.arms().stream().mapToInt(ArmOutcome::runs).sum()));
        desk.work();

        assertThat(desk.problems()).isEmpty();
        assertThat(planned).hasSize(4).doesNotContain(false);
        assertThat(finished).as("four live ones, and that of the report").containsExactly(1, 2, 3, 4, 4);
        assertThat(state()).isEqualTo(State.FINISHED);
        Outcome outcome = shown().outcomeProperty().get();
        assertThat(outcome.ended()).isTrue();
        assertThat(outcome.conclusion()).isNotEmpty();
        assertThat(outcome.arms()).extracting(ArmOutcome::id).containsExactly("all", "random");
        assertThat(experiment.figures()).hasSize(4);
        experiment.openReport();
        assertThat(Path.of(opened.get(0))).isRegularFile();
        assertThat(experiment.startProperty().get()).isEqualTo("Extend e_xperiment");

        form.ask(Arm.LAST, true);
        experiment.start();
        desk.work();
        assertThat(shown().outcomeProperty().get().arms()).hasSize(3);
        assertThat(runs()).as("four are kept, two are new").isEqualTo(6);

        StudySession another = new StudySession();
        openRows(another);
        ExperimentForm blank = new ExperimentForm(new SimpleDoubleProperty(0.5));
        viewModel(another, blank).open(shown().folder());
        desk.work();
        assertThat(another.experimentProperty().get().outcomeProperty().get())
                .isEqualTo(shown().outcomeProperty().get());
        assertThat(blank.armsProperty().get()).isEqualTo(form.armsProperty().get());
    }

    @Test
    void aStoppedExperimentEndsWithinASecondAndIsResumed() {
        training = training.with(OptimiserSettings.STEPS, 8);
        experiment.start();
        assertThat(experiment.running().get()).isTrue();
        long[] stopped = new long[1];
        shown().placeProperty().addListener((place, was, is) -> {
            if (is.startsWith("Run 1 of 4") && stopped[0] == 0) {
                stopped[0] = System.nanoTime();
                experiment.stop();
            }
        });
        desk.work();
        assertThat(System.nanoTime() - stopped[0]).as("nanoseconds").isBetween(0L, 1_000_000_000L);
        assertThat(state()).isEqualTo(State.STOPPED);
        assertThat(experiment.running().get()).isFalse();
        assertThat(experiment.finished().get()).isFalse();
        assertThat(experiment.startProperty().get()).isEqualTo("Resume e_xperiment");

        experiment.start();
        desk.work();
        assertThat(desk.problems()).isEmpty();
        assertThat(state()).isEqualTo(State.FINISHED);
        assertThat(session.experiments()).hasSize(1);
        assertThat(runs()).isEqualTo(4);
    }

    @Test
    void aPilotShowsItsSentencesAndKeepsThemInTheFolder() {
        form.differenceProperty().set("0.05");
        form.pilotSeedsProperty().set(2);
        experiment.pilot();
        desk.work();
        assertThat(desk.problems()).isEmpty();
        assertThat(state()).isEqualTo(State.PILOTED);
        assertThat(shown().pilot()).hasSize(4).anyMatch(words -> words.startsWith("A difference of 0.05 needs "));
        assertThat(shown().outcomeProperty().get())
                .as("a pilot decides nothing")
                .isNull();
        assertThat(shown().folder().resolve("plan.yaml"))
                .as("no plan before a start")
                .doesNotExist();
        assertThat(experiment.startProperty().get()).isEqualTo("Start e_xperiment");

        StudySession another = new StudySession();
        openRows(another);
        files.choose(shown().folder());
        viewModel(another, new ExperimentForm(new SimpleDoubleProperty(0.5))).open();
        desk.work();
        ExperimentEntry read = another.experimentProperty().get();
        assertThat(read.pilot()).isEqualTo(shown().pilot());
        assertThat(read.stateProperty().get()).isEqualTo(State.PILOTED);
    }

    @Test
    void whatIsMissingIsSaidBeforeAStart() {
        form.ratesProperty().set("fast");
        assertThat(experiment.readyProperty().get()).isFalse();
        assertThat(experiment.mistakeProperty().get()).isEqualTo("Learning rates: fast is not a number.");
        assertThat(experiment.command()).isEmpty();
        form.ratesProperty().set("");
        form.ask(Arm.ALL, false);
        form.ask(Arm.RANDOM, false);
        assertThat(experiment.mistakeProperty().get()).isEqualTo("Choose at least one arm.");
        experiment.start();
        assertThat(session.experiments()).isEmpty();
        form.ask(Arm.ALL, true);
        assertThat(experiment.readyProperty().get()).isTrue();
        session.dataProperty().set(null);
        assertThat(experiment.readyProperty().get()).isFalse();
        assertThat(experiment.pilotReadyProperty().get()).isFalse();
    }

    @Test
    void anExperimentThatIsRefusedLeavesNothing() throws IOException {
        Path others = Files.createDirectories(folder.resolve("others"));
        Files.createDirectories(others.resolve("runs"));
        Files.writeString(others.resolve("report.md"), "of somebody else");
        form.folderProperty().set(others.toString());
        experiment.start();
        assertThat(session.experiments()).hasSize(1);
        desk.work();
        assertThat(desk.problems()).hasSize(1);
        assertThat(desk.problems().get(0).sentence()).contains(others.toString());
        assertThat(session.experiments()).isEmpty();
        assertThat(session.experimentProperty().get()).isNull();
        assertThat(experiment.startProperty().get()).isEqualTo("Start e_xperiment");

        form.folderProperty().set("");
        experiment.start();
        experiment.stop();
        desk.work();
        assertThat(session.experiments()).as("stopped in the queue").isEmpty();
    }

    @Test
    void aDamagedFolderIsTold() {
        experiment.open(folder);
        desk.work();
        assertThat(desk.problems()).hasSize(1);
        assertThat(desk.problems().get(0).sentence()).contains("has no experiment.yaml");
        assertThat(session.experiments()).isEmpty();
    }
}
