package org.layerwise.gui.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.gui.Desk;
import org.layerwise.gui.TinyLab;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.gui.session.RunEntry.State;
import org.layerwise.gui.session.StudySession;
import org.layerwise.remote.WorkerCount;
import org.layerwise.run.RunFile;
import org.layerwise.settings.RemoteDestination;
import org.layerwise.settings.RemoteOptions;
import org.layerwise.settings.TrainingSettings;

/** A run whose folder another window has taken in the same second is not begun, since that would replace the other's. */
class OtherProcessRunTest {

    @TempDir
    static Path home;

    @TempDir
    private Path folder;

    private final TinyLab lab = new TinyLab(home);
    private final Desk desk = new Desk();
    private final StudySession session = new StudySession();
    private final RunController work = new RunController(
            session, lab.workbench(), lab.clusters(), desk, desk, desk, new NotedRuns(), Clock.systemUTC());

    @BeforeEach
    void takenByAnother() throws IOException {
        write("1@2026-03-01T12:00:00Z");
    }

    @Test
    void isRefusedHere() {
        assertRefused(begin(null));
    }

    @Test
    void isRefusedForACluster() {
        assertRefused(begin(new RemoteDestination("lab", RemoteOptions.by(new WorkerCount(2, true)))));
    }

    @Test
    void aRunThatThisProcessQueuedIsBegun() throws IOException {
        write(RunFile.process());
        RunEntry run = begin(null);
        desk.work();
        assertThat(run.stateProperty().get()).isEqualTo(State.FINISHED);
    }

    private void assertRefused(RunEntry run) {
        desk.work();
        assertThat(run.stateProperty().get()).isEqualTo(State.FAILED);
        assertThat(run.steps()).isEmpty();
        assertThat(work.problemProperty().get().sentence())
                .isEqualTo(
                        "The run in %s is another program's or window's; start the training again, which takes another folder."
                                .formatted(folder));
    }

    private void write(String process) throws IOException {
        Files.writeString(
                folder.resolve("run.json"),
                "{\"state\": \"cancelled\", \"process\": \"%s\", \"layers\": [1], \"of\": 12, \"total_steps\": 64}"
                        .formatted(process));
    }

    private RunEntry begin(@Nullable RemoteDestination to) {
        TreeSet<Integer> layers = new TreeSet<>(List.of(1, 5, 8));
        RunEntry run = new RunEntry(session.nextRun(), "one", folder, layers, 12);
        TrainingSettings settings = TrainingSettings.defaults().withLayers(layers);
        work.begin(
                run,
                new RunController.Planned("Training one", lab.open("sample"), lab.rows("rows.csv", 64), settings, to),
                summary -> {});
        return run;
    }
}
