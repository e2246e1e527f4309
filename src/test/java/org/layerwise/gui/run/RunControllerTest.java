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
import org.layerwise.gui.Desk;
import org.layerwise.gui.InventedEngine;
import org.layerwise.gui.InventedRun;
import org.layerwise.gui.engine.LoadedModel;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.gui.session.RunEntry.State;
import org.layerwise.gui.session.RunRemark;
import org.layerwise.gui.session.RunRemark.Kind;
import org.layerwise.gui.session.StudySession;
import org.layerwise.remote.ssh.SshQuestions;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.training.StepRecord;

class RunControllerTest {

    private static final Clock NOON = Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);
    private static final DataSettings ROWS = DataSettings.of("sample:definitions");

    private final InventedEngine engine = new InventedEngine(0);
    private final Desk desk = new Desk();
    private final StudySession session = new StudySession();
    private final NotedRuns noted = new NotedRuns();
    private final RunController work =
            new RunController(session, engine, desk, desk, desk, noted, SshQuestions.unanswered(), NOON);
    private final LoadedModel model = engine.model("sample");

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
        assertThat(run.remarks().get(run.remarks().size() - 1).words()).startsWith("Finished 64 steps in 6.4");
        assertThat(run.settings()).containsEntry("seed", "42");
        assertThat(desk.notices()).containsExactly("Training finished");
        assertThat(desk.sentences().get(0)).contains("accuracy 0.8");
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
        assertThat(engine.forgotten()).containsExactly(second.folder());
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
        assertThat(engine.forgotten()).isEmpty();
        assertThat(noted.saved()).containsExactly(run.folder(), next.folder());

        StudySession later = new StudySession();
        RunController atNextStart =
                new RunController(later, engine, desk, desk, desk, noted, SshQuestions.unanswered(), NOON);
        List<RunEntry> offered = new ArrayList<>();
        atNextStart.findUnfinished(offered::addAll);
        desk.work();
        assertThat(offered).extracting(RunEntry::folder).containsExactly(run.folder());
        assertThat(later.runs()).isEqualTo(offered);
        // the invented engine keeps nothing of a run that never began
        assertThat(noted.unfinished()).containsExactly(run.folder());

        atNextStart.resume(offered.get(0));
        desk.work();
        assertThat(offered.get(0).stateProperty().get()).isEqualTo(State.FINISHED);
        assertThat(offered.get(0).steps())
                .extracting(StepRecord::step)
                .hasSize(64)
                .doesNotHaveDuplicates();
        assertThat(offered.get(0).remarks()).extracting(RunRemark::words).contains("Going on after step 20.");
        assertThat(noted.saved()).isEmpty();
    }

    @Test
    void runsThatHaveEndedOrAreGoneAreNotOffered() {
        InventedRun done = planted("done").finished();
        engine.plant(done);
        noted.begun(Path.of("runs", "done"));
        noted.begun(Path.of("runs", "gone"));
        List<RunEntry> offered = new ArrayList<>();
        work.findUnfinished(offered::addAll);
        desk.work();
        assertThat(offered).isEmpty();
        assertThat(noted.saved()).isEmpty();
        assertThat(session.runs()).isEmpty();
    }

    @Test
    void whatIsDismissedIsNotOfferedAgain() {
        engine.plant(planted("cut").cutOff(20));
        noted.begun(Path.of("runs", "cut"));
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
        engine.fail(true);
        RunEntry run = begin("one");
        desk.work();
        assertThat(run.stateProperty().get()).isEqualTo(State.FAILED);
        assertThat(run.recordProperty().get().reason()).isEqualTo("an invented defect");
        assertThat(run.remarks()).extracting(RunRemark::kind).contains(Kind.PROBLEM);
        int before = run.steps().size();
        engine.fail(false);
        work.problemProperty().get().retry().run();
        desk.work();
        assertThat(run.stateProperty().get()).isEqualTo(State.FINISHED);
        assertThat(run.remarks()).extracting(RunRemark::words).contains("Going on after step %s.".formatted(before));
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

    private InventedRun planted(String name) {
        return new InventedRun(model.card(), ROWS, settings(), Path.of("runs", name));
    }

    private static TrainingSettings settings() {
        return TrainingSettings.defaults().withLayers(new TreeSet<>(List.of(1, 5, 8)));
    }

    private RunEntry begin(String name) {
        RunEntry run =
                new RunEntry(session.nextRun(), name, Path.of("runs", name), new TreeSet<>(List.of(1, 5, 8)), 12);
        work.begin(run, new RunController.Planned("Training " + name, model, ROWS, settings(), null), summary -> {});
        return run;
    }
}
