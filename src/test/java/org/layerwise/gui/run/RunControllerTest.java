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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.gui.Desk;
import org.layerwise.gui.TinyLab;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.gui.session.RunEntry.State;
import org.layerwise.gui.session.RunRemark;
import org.layerwise.gui.session.RunRemark.Kind;
import org.layerwise.gui.session.StudySession;
import org.layerwise.run.Run;
import org.layerwise.run.RunState;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.model.OpenModel;
import org.layerwise.training.StepRecord;

class RunControllerTest {

    private static final int STEPS = 64;

    @TempDir
    static Path home;

    @TempDir
    Path folder;

    private static final Clock NOON = Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);

    private final TinyLab lab = new TinyLab(home);
    private final Desk desk = new Desk();
    private final StudySession session = new StudySession();
    private final NotedRuns noted = new NotedRuns();
    private final RunController work =
            new RunController(session, lab.workbench(), lab.clusters(), desk, desk, desk, noted, NOON);
    private final OpenModel model = lab.open("sample");
    private final DataSettings rows = lab.rows("rows.csv", 4 * STEPS).withBatch(4);

    @Test
    void aRunTellsItsCourseItsEvaluationsAndItsCheckpoints() {
        RunEntry run = begin("one");
        desk.work();
        assertThat(run.stateProperty().get()).isEqualTo(State.FINISHED);
        assertThat(run.remarks().get(0)).isEqualTo(new RunRemark(Kind.COURSE, NOON.instant(), "The training begins."));
        assertThat(run.remarks())
                .extracting(RunRemark::words)
                .contains("Checkpoint after step 32.")
                .anyMatch(words -> words.startsWith("Held-out rows before training: loss "))
                .anyMatch(words -> words.startsWith("Held-out rows after step 64: loss "));
        assertThat(run.remarks().get(run.remarks().size() - 1).words()).startsWith("Finished 64 steps in ");
        assertThat(run.settings()).containsEntry("seed", "42");
        assertThat(desk.notices()).containsExactly("Training finished");
        assertThat(desk.sentences().get(0)).contains("accuracy 0.");
    }

    @Test
    void runsWaitForEachOtherAndAreRememberedUntilTheyEnd() {
        RunEntry first = begin("one");
        RunEntry second = begin("two");
        assertThat(work.busyProperty().get()).isTrue();
        assertThat(noted.unfinished()).containsExactly(first.folder(), second.folder());
        work.stop(second);
        desk.work();
        assertThat(first.stateProperty().get()).isEqualTo(State.FINISHED);
        assertThat(second.stateProperty().get()).isEqualTo(State.CANCELLED);
        assertThat(second.steps()).isEmpty();
        assertThat(second.folder()).doesNotExist();
        assertThat(second.resumable()).isFalse();
        assertThat(noted.unfinished()).isEmpty();
        assertThat(noted.saved()).isEmpty();
        assertThat(work.busyProperty().get()).isFalse();
    }

    @Test
    void whatIsStoppedAsTheWindowClosesIsOfferedAtTheNextStart() {
        RunEntry run = begin("one");
        RunEntry next = begin("two");
        work.leave(true);
        stopAtStep(run, 20);
        work.stop(next);
        desk.work();
        assertThat(run.stateProperty().get()).isEqualTo(State.CANCELLED);
        assertThat(Run.open(next.folder()).state()).as("is not forgotten").isEqualTo(RunState.QUEUED);
        assertThat(noted.saved()).containsExactly(run.folder(), next.folder());

        TinyLab.kill(next.folder());
        StudySession later = new StudySession();
        RunController atNextStart =
                new RunController(later, lab.workbench(), lab.clusters(), desk, desk, desk, noted, NOON);
        List<RunEntry> offered = new ArrayList<>();
        atNextStart.findUnfinished(offered::addAll);
        desk.work();
        assertThat(offered).extracting(RunEntry::folder).containsExactly(run.folder(), next.folder());
        assertThat(later.runs()).isEqualTo(offered);
        assertThat(noted.unfinished()).containsExactly(run.folder(), next.folder());

        atNextStart.resume(offered.get(0));
        desk.work();
        assertThat(offered.get(0).stateProperty().get()).isEqualTo(State.FINISHED);
        assertThat(offered.get(0).steps())
                .extracting(StepRecord::step)
                .hasSize(64)
                .doesNotHaveDuplicates();
        assertThat(offered.get(0).remarks())
                .extracting(RunRemark::words)
                .anyMatch(words -> words.startsWith("Going on after step 20, from "));
        assertThat(noted.saved()).containsExactly(next.folder());
    }

    @Test
    void runsThatHaveEndedOrAreGoneAreNotOffered() {
        noted.begun(lab.train(folder.resolve("done"), rows, settings(), Integer.MAX_VALUE));
        noted.begun(folder.resolve("gone"));
        List<RunEntry> offered = new ArrayList<>();
        work.findUnfinished(offered::addAll);
        desk.work();
        assertThat(offered).isEmpty();
        assertThat(noted.saved()).isEmpty();
        assertThat(session.runs()).isEmpty();
    }

    @Test
    void whatIsDismissedIsNotOfferedAgain() {
        noted.begun(lab.cutOff(folder.resolve("cut"), rows, settings(), 20));
        List<RunEntry> offered = new ArrayList<>();
        work.findUnfinished(offered::addAll);
        desk.work();
        work.dismiss(offered.get(0));
        desk.work();
        assertThat(noted.saved()).isEmpty();
        assertThat(offered.get(0).resumable()).isTrue();
    }

    @Test
    void aRunThatBrokeGoesOnWhereItWas() {
        desk.fail(true);
        RunEntry run = begin("one");
        desk.work();
        assertThat(run.stateProperty().get()).isEqualTo(State.FAILED);
        assertThat(run.recordProperty().get().reason()).isEqualTo("an invented defect");
        assertThat(run.remarks()).extracting(RunRemark::kind).contains(Kind.PROBLEM);
        desk.fail(false);
        work.problemProperty().get().retry().run();
        desk.work();
        assertThat(run.stateProperty().get()).isEqualTo(State.FINISHED);
        assertThat(run.remarks())
                .extracting(RunRemark::words)
                .anyMatch(words -> words.startsWith("Going on after step 16, from "));
        assertThat(work.problemProperty().get()).isNull();
    }

    @Test
    void pausesAreToldOnceItRuns() {
        RunEntry run = begin("one");
        run.steps().addListener((ListChangeListener<StepRecord>) change -> {
            if (run.steps().size() == 10) {
                work.togglePause(run);
                assertThat(run.stateProperty().get()).isEqualTo(State.PAUSED);
                work.togglePause(run);
                assertThat(run.stateProperty().get()).isEqualTo(State.RUNNING);
            }
        });
        desk.work();
        assertThat(run.remarks()).extracting(RunRemark::words).containsSubsequence("Paused.", "Resumed.");
        assertThat(run.stateProperty().get()).isEqualTo(State.FINISHED);
    }

    private void stopAtStep(RunEntry run, int step) {
        run.steps().addListener((ListChangeListener<StepRecord>) change -> {
            if (run.steps().size() == step) {
                work.stop(run);
            }
        });
    }

    private TrainingSettings settings() {
        return TrainingSettings.defaults()
                .withLayers(new TreeSet<>(List.of(1, 5, 8)))
                .withHeldOut(lab.table("held-out.csv", 16).toString(), null)
                .with(RunSettings.EVALUATE_EVERY, 16)
                .with(RunSettings.CHECKPOINT_EVERY, 16);
    }

    private RunEntry begin(String name) {
        RunEntry run = new RunEntry(session.nextRun(), name, folder.resolve(name), new TreeSet<>(List.of(1, 5, 8)), 12);
        work.begin(run, new RunController.Planned("Training " + name, model, rows, settings(), null), summary -> {});
        return run;
    }
}
