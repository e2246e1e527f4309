package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javafx.scene.control.Button;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;
import org.layerwise.install.AppFolders;
import org.layerwise.run.Run;
import org.layerwise.run.RunState;
import org.layerwise.study.Workbench;
import org.layerwise.testing.Golden;
import org.layerwise.training.StepRecord;

/** A training of the tiny golden model in the real window on the real engine: held up, stopped, resumed, opened again. */
class RealTrainingUiTest extends WindowTest {

    private static final int ROWS = 32;

    @Override
    protected Workbench workbench() {
        return new Workbench(new AppFolders(
                folder.resolve("data"), folder.resolve("config"), folder.resolve("state"), folder.resolve("cache")));
    }

    @Override
    protected int patienceSeconds() {
        return 60;
    }

    @Test
    void aRunIsHeldUpStoppedAndGoesOnToItsEnd() throws Exception {
        files.choose(Golden.folder("bert"));
        clickOn("#welcome-open");
        clickOn("#choose-folder");
        await("the card is there", () -> words("#model-name").equals("bert"));
        files.choose(table());
        clickOn("#tab-data");
        clickOn("#data-open");
        await("the rows are there", () -> words("#data-name").equals("rows"));
        push(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.A);
        clickOn("#tab-training");
        await("the memory is estimated", () -> words("#training-memory").startsWith("About"));
        interact(lookup("#field-epochs").query()::requestFocus); // it may be scrolled out of sight
        push(KeyCode.CONTROL, KeyCode.A);
        write("60"); // checkpoints after each of them take longer than the steps
        clickOn("#train");
        await("it goes", () -> words("#run-state").matches("running · step [1-9].*"));
        clickOn("#run-pause");
        await("it is held up", () -> words("#run-state").startsWith("paused"));
        clickOn("#run-cancel");
        await("it has stopped", () -> words("#run-state").startsWith("cancelled"));
        closeNotices();
        Run stopped = run();
        assertThat(stopped.state()).isEqualTo(RunState.CANCELLED);
        assertThat(stopped.hasCheckpoint()).isTrue();
        int before = stopped.history().steps().size();
        assertThat(before).isBetween(1, 119);

        // without the robot: the notice of the end may lie over a button
        Button resume = lookup("#run-resume").query();
        interact(resume::fire);
        await("it is done", () -> words("#run-state").startsWith("finished · 120 steps"));
        closeNotices();
        assertThat(run().state()).isEqualTo(RunState.FINISHED);
        assertThat(run().folder().resolve("adapter/README.md"))
                .content()
                .contains("All 4 layers have adapters. They were chosen by hand.");
        assertThat(run().history().steps())
                .extracting(StepRecord::step)
                .hasSize(120)
                .doesNotHaveDuplicates();

        files.choose(runs());
        clickOn("#tab-runs");
        clickOn("#runs-open");
        TableView<?> table = lookup("#runs-table").query();
        await("it is there once", () -> table.getItems().size() == 1);
        assertThat(table.getItems().toString()).contains("finished").contains("4 of 4");
    }

    private Run run() throws IOException {
        try (Stream<Path> runs = Files.list(runs())) {
            return Run.open(runs.findFirst().orElseThrow());
        }
    }

    /** Rows of tokens of which the first decides the label. */
    private static Path table() throws IOException {
        List<String> rows = IntStream.range(0, ROWS)
                .mapToObj(row -> "{\"input_ids\": [%s, %s, %s], \"labels\": %s}"
                        .formatted(2 + row % 30, 40 + row % 7, 50 + row % 11, row % 2))
                .toList();
        return Files.write(folder.resolve("rows.jsonl"), rows);
    }
}
