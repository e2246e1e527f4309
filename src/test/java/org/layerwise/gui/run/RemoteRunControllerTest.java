package org.layerwise.gui.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import javafx.collections.ListChangeListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.Progress;
import org.layerwise.gui.Desk;
import org.layerwise.gui.PlayedCluster;
import org.layerwise.gui.TinyLab;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.gui.session.RunEntry.State;
import org.layerwise.gui.session.RunRemark;
import org.layerwise.gui.session.StudySession;
import org.layerwise.remote.WorkerCount;
import org.layerwise.run.Run;
import org.layerwise.run.RunRecord;
import org.layerwise.run.RunState;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.RemoteDestination;
import org.layerwise.settings.RemoteOptions;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.StartMode;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.model.OpenModel;
import org.layerwise.training.StepRecord;

/** Runs on clusters as the window sees them. */
class RemoteRunControllerTest {

    private static final Clock NOON = Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);
    private static final int STEPS = 64;

    @TempDir
    Path home;

    private final Desk desk = new Desk();
    private final StudySession session = new StudySession();
    private final NotedRuns noted = new NotedRuns();
    private TinyLab lab;
    private PlayedCluster cluster;
    private RunController work;
    private OpenModel model;
    private DataSettings rows;

    @BeforeEach
    void open() {
        lab = new TinyLab(home);
        cluster = new PlayedCluster(lab.workbench(), home).register();
        cluster.pace(25); // a job must not end before it is asked to stop
        work = new RunController(session, lab.workbench(), lab.clusters(), desk, desk, desk, noted, NOON);
        model = lab.open("bge-small-en-v1.5");
        rows = lab.rows("rows.csv", 4 * STEPS).withBatch(4);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private RunEntry begin() {
        TreeSet<Integer> layers = new TreeSet<>(List.of(1, 5, 8));
        RunEntry run = new RunEntry(session.nextRun(), "one", home.resolve("one"), layers, 12);
        TrainingSettings settings = TrainingSettings.defaults()
                .withLayers(layers)
                .withHeldOut(rows.data(), null)
                .with(RunSettings.CHECKPOINT_EVERY, 4);
        RemoteDestination to = new RemoteDestination("lab", RemoteOptions.by(new WorkerCount(2, true)));
        work.begin(run, new RunController.Planned("Training one", model, rows, settings, to), summary -> {});
        return run;
    }

    private static void atStep(RunEntry run, int step, Runnable action) {
        run.steps().addListener((ListChangeListener<StepRecord>) change -> {
            if (run.steps().size() == step) {
                action.run();
            }
        });
    }

    @Test
    void aRunIsSentFollowedAndFetched() {
        RunEntry run = begin();
        assertThat(run.stateProperty().get()).isEqualTo(State.QUEUED);
        assertThat(RunTexts.state(run)).isEqualTo("for lab: being sent or asked for");
        assertThat(noted.unfinished()).as("if the window is killed").containsExactly(run.folder());
        List<String> states = new ArrayList<>();
        run.thereProperty().addListener((observable, was, is) -> states.add(RunTexts.state(run)));
        atStep(run, 3, () -> {
            assertThat(noted.unfinished()).containsExactly(run.folder());
            assertThat(run.workersProperty().get()).isEqualTo("2 workers: node1 (NVIDIA H100), node2 (NVIDIA H100)");
            assertThat(RunTexts.state(run)).isEqualTo("running on lab");
        });

        desk.work();

        assertThat(states).isNotEmpty();
        assertThat(run.stateProperty().get()).isEqualTo(State.FINISHED);
        assertThat(RunTexts.state(run)).isEqualTo("finished on lab");
        assertThat(run.steps()).hasSize(STEPS);
        assertThat(run.evaluations()).isNotEmpty();
        assertThat(run.remarks())
                .extracting(RunRemark::words)
                .contains(
                        "Rows of %s are both trained on and measured, so the result says little about other rows; name rows that are not trained on."
                                .formatted(rows.data()),
                        "Was handed in on lab.",
                        "lab: pending (Resources)",
                        "lab: running");
        assertThat(work.busyProperty().get()).isFalse();
        assertThat(noted.saved()).isEmpty();
        assertThat(desk.notices()).containsExactly("Training finished");
    }

    @Test
    void aRunThatIsStoppedIsAskedToThereAndKeepsWhatItHas() {
        RunEntry run = begin();
        // the desk does one piece of work after another: the question is asked while the run is followed
        atStep(run, 10, () -> {
            work.stop(run);
            lab.clusters().trainingOf(run.folder()).stop(run.folder(), Progress.none());
        });

        desk.work();

        assertThat(cluster.isAsked(run.folder())).isTrue();
        assertThat(run.stateProperty().get()).isEqualTo(State.CANCELLED);
        assertThat(run.steps()).as("it goes on until it hears").hasSizeBetween(10, STEPS - 1);
        assertThat(run.resumable()).isTrue();

        work.resume(run);
        desk.work();

        assertThat(cluster.submitted()).hasSize(2);
        assertThat(run.stateProperty().get()).isEqualTo(State.FINISHED);
        assertThat(run.steps()).extracting(StepRecord::step).hasSize(64).doesNotHaveDuplicates();
    }

    @Test
    void aWindowThatClosesLosesNothingAndTheNextStartFollowsTheRunByItself() {
        RunEntry run = begin();
        atStep(run, 20, () -> {
            work.leave(true);
            work.stop(run);
        });
        desk.work();

        assertThat(cluster.isAsked(run.folder())).isFalse();
        assertThat(run.isUnfollowed()).isTrue();
        assertThat(Run.open(run.folder()).state()).isEqualTo(RunState.RUNNING);
        assertThat(noted.saved()).containsExactly(run.folder());

        StudySession later = new StudySession();
        RunController next = new RunController(later, lab.workbench(), lab.clusters(), desk, desk, desk, noted, NOON);
        List<RunEntry> offered = new ArrayList<>();
        next.findUnfinished(offered::addAll);
        desk.work();

        assertThat(offered).isEmpty();
        RunEntry again = later.runs().get(0);
        assertThat(again.stateProperty().get()).isEqualTo(State.FINISHED);
        assertThat(again.steps()).extracting(StepRecord::step).hasSize(64).doesNotHaveDuplicates();
        assertThat(noted.saved()).isEmpty();
    }

    @Test
    void aRunThatIsOpenedWhileItGoesOnThereIsFollowed() {
        RemoteDestination to = new RemoteDestination("lab", RemoteOptions.by(new WorkerCount(2, true)));
        Path there = home.resolve("there");
        lab.clusters()
                .training(to.place())
                .begin(
                        model,
                        rows,
                        TrainingSettings.defaults().withLayers(new TreeSet<>(List.of(1))),
                        there,
                        to.how(),
                        StartMode.RETRY,
                        Progress.none());
        RunEntry run = session.add(RunRecord.read(there));
        desk.work();
        assertThat(run.stateProperty().get()).isEqualTo(State.FINISHED);
    }

    @Test
    void aClusterThatCannotBeReachedDoesNotEndARun() {
        RunEntry run = begin();
        atStep(run, 20, () -> {
            work.leave(true);
            work.stop(run);
        });
        desk.work();
        work.leave(false);
        cluster.unreachable(true);

        work.there().follow(run);
        desk.work();

        assertThat(run.isUnfollowed()).isTrue();
        assertThat(RunTexts.state(run)).isEqualTo("running on lab, not followed here");
        assertThat(work.problemProperty().get().title()).isEqualTo("The training on lab cannot be followed");
        assertThat(noted.saved()).containsExactly(run.folder());

        cluster.unreachable(false);
        work.problemProperty().get().retry().run();
        desk.work();
        assertThat(run.stateProperty().get()).isEqualTo(State.FINISHED);
    }

    @Test
    void whatCannotBeSentIsSentOnceMore() {
        cluster.unreachable(true);
        RunEntry run = begin();
        desk.work();
        assertThat(run.stateProperty().get()).isEqualTo(State.FAILED);
        assertThat(desk.problems().get(0).title()).isEqualTo("The training could not be sent to lab");
        assertThat(noted.unfinished()).isEmpty();

        cluster.unreachable(false);
        work.resume(run);
        desk.work();
        assertThat(run.stateProperty().get()).isEqualTo(State.FINISHED);
        assertThat(cluster.submitted()).as("handed in once").hasSize(1);
    }

    @Test
    void aRunThatAClusterMayHaveTakenIsFollowed() {
        cluster.silent(true);
        RunEntry run = begin();
        desk.work();
        assertThat(run.isUnfollowed()).isTrue();
        assertThat(work.problemProperty().get().title()).isEqualTo("The training could not be sent to lab");
        assertThat(noted.saved()).containsExactly(run.folder());

        cluster.silent(false);
        work.problemProperty().get().retry().run();
        desk.work();

        assertThat(run.stateProperty().get()).isEqualTo(State.FINISHED);
        assertThat(noted.saved()).isEmpty();
    }

    @Test
    void oneThatIsTakenBackBeforeItIsSentIsNotSent() {
        RunEntry run = begin();
        work.stop(run);
        desk.work();
        assertThat(run.stateProperty().get()).isEqualTo(State.CANCELLED);
        assertThat(run.resumable()).isFalse();
        assertThat(run.steps()).isEmpty();
        assertThat(noted.unfinished()).isEmpty();
    }

    @Test
    void aJobThatBreaksIsAFailedRunThatGoesOn() {
        cluster.fail(true);
        RunEntry run = begin();
        desk.work();
        assertThat(run.stateProperty().get()).isEqualTo(State.FAILED);
        cluster.fail(false);
        work.problemProperty().get().retry().run();
        desk.work();
        assertThat(cluster.submitted()).hasSize(2);
        assertThat(run.stateProperty().get()).isEqualTo(State.FINISHED);
    }

    @Test
    void whatItHasPrintedIsFetched() {
        RunEntry run = begin();
        desk.work();
        List<String> printed = new ArrayList<>();
        work.there().output(run, printed::add, thrown -> printed.add("failed"));
        desk.work();
        assertThat(printed.get(0)).startsWith("METRIC");
    }
}
