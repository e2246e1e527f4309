package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.TableView;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import org.jfree.chart.plot.XYPlot;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.testfx.robot.Motion;

/** Drives trainings of a tiny model in the real window. */
class TrainingUiTest extends WindowTest {

    private static final int UNHURRIED = 250;

    /** Steps of an epoch of the sample's rows. */
    private static final int STEPS = 32;

    @BeforeEach
    void openSample() {
        clickOn("#welcome-sample");
        await("the analysis is done", () -> words("#selection-count").equals("6 of 12 layers"));
        await("nothing runs", () -> words("#task-message").startsWith("Nothing"));
        closeNotices();
        clickOn("#go-train");
        pace.steps(UNHURRIED);
    }

    @Test
    void aRunIsHeldUpGoesOnAndTellsItsLog() throws Exception {
        assertThat(words("#training-memory")).startsWith("About").contains("of memory beside the model");
        clickOn("#train");
        await("it goes", () -> words("#run-state").matches("running · step [1-9].*"));
        assertThat(words("#run-tile-speed")).matches("[\\d,.]+(\\h[kM])?");
        new Pictures(this).both("30-training-live");
        clickOn("#run-pause");
        await("it is held up", () -> words("#run-state").startsWith("paused"));
        sleep(400); // the step that was in hand
        String then = words("#run-state");
        sleep(500);
        assertThat(words("#run-state")).isEqualTo(then);
        assertThat(words("#task-message")).startsWith("paused · Step");
        assertThat(words("#run-pause")).isEqualTo("Resume");
        new Pictures(this).both("31-training-paused");
        clickOn("#run-pause");
        await("it goes on", () -> words("#run-state").startsWith("running"));
        pace.steps(0);
        await("it is done", () -> words("#run-state").startsWith("finished"));
        assertThat(visible("#run-pause") || visible("#run-cancel") || visible("#run-resume"))
                .isFalse();
        closeNotices();
        new Pictures(this).both("32-training-done");
        clickOn("#run-page-log");
        ListView<?> log = lookup("#run-log").query();
        await("the log is shown", log::isVisible);
        assertThat(log.getItems())
                .extracting(Object::toString)
                .anyMatch(line -> line.contains("Paused."))
                .anyMatch(line -> line.contains("Checkpoint after step 32."))
                .anyMatch(line -> line.contains("Held-out rows after step 32"))
                .last()
                .asString()
                .contains("Finished 32 steps");
        new Pictures(this).both("33-training-log");
    }

    @Test
    void aFinishedRunIsUsedFurther() throws Exception {
        pace.steps(0);
        clickOn("#train");
        await("it is done", () -> words("#run-state").startsWith("finished"));
        hideNotices();
        clickOn("#run-command");
        await("its command is copied", () -> copied().contains(" train ") && copied().contains("--layers "));
        clickOn("#run-methods");
        await("its paragraph is copied", () -> copied().contains("LoRA") && !copied().contains("--layers"));
        clickOn("#run-repeat");
        await("its settings are in the panes", () -> lookup(".notice-box .label").queryAllAs(Label.class).stream()
                .anyMatch(label -> label.getText().contains("6 of 12 layers are selected")));
        hideNotices();
        new Pictures(this).both("34-training-actions");
        clickOn("#menu-training");
        clickOn("#menu-run");
        await("the menu has the actions", () -> visible("#menu-run-compare"));
        clickOn("#menu-run-compare", Motion.HORIZONTAL_FIRST);
        await("it is compared", () -> visible("#runs-boxes"));
        clickOn("#tab-training");
        clickOn("#run-adapter");
        await("its adapter is chosen", () -> words("#measures").startsWith("Measures: ‖ΔW‖"));
    }

    private String copied() {
        return onFx(() -> String.valueOf(Clipboard.getSystemClipboard().getString()));
    }

    @Test
    void aCancelledRunIsResumedToItsEnd() {
        clickOn("#train");
        await("it goes", () -> words("#run-state").matches("running · step [5-9].*"));
        clickOn("#run-cancel");
        await("it has stopped", () -> words("#run-state").startsWith("cancelled"));
        closeNotices();
        int before = steps();
        assertThat(before).isBetween(5, STEPS - 1);
        pace.steps(0);
        clickOn("#run-resume");
        await("it is done", () -> words("#run-state").startsWith("finished"));
        assertThat(steps()).isEqualTo(STEPS);
    }

    @Test
    void runsQueueUpAndAreComparedWhileTheyRun() throws Exception {
        assertThat(words("#train")).isEqualTo("T_rain");
        pace.steps(0);
        clickOn("#train");
        await("the first is done", () -> words("#run-state").startsWith("finished"));
        hideNotices();
        pace.steps(UNHURRIED);
        clickOn("#field-r");
        push(KeyCode.CONTROL, KeyCode.A);
        write("16");
        clickOn("#train");
        await("the button says that it waits", () -> words("#train").equals("Add to _queue"));
        clickOn("#field-r");
        push(KeyCode.CONTROL, KeyCode.A);
        write("4");
        clickOn("#train");
        await("one waits", () -> words("#task-queue").equals("1 more"));
        clickOn("#tab-runs");
        TableView<?> table = lookup("#runs-table").query();
        await("all are in the table", () -> table.getItems().size() == 3);
        await("the second has curves", () -> curves() == 3);
        clickOn("#task-queue");
        new Pictures(this).both("34-runs");
        assertThat(table.getColumns()).hasSizeGreaterThan(9);
        // rows come and go with every step: they are read where they change
        String rows = onFx(() -> table.getItems().toString());
        assertThat(rows).contains("queued").contains("running").contains("finished");

        CheckBox first = lookup("#runs-box-1").query();
        clickOn(first);
        await("two are left", () -> table.getItems().size() == 2 && curves() == 2);
        clickOn(first);
        ChoiceBox<?> quantity = lookup("#runs-curves-quantity").query();
        interact(() -> quantity.getSelectionModel().select(quantity.getItems().size() - 1));
        clickOn("#runs-curves-log");
        new Pictures(this).both("35-runs-metric");

        Path file = folder.resolve("runs.csv");
        Files.deleteIfExists(file);
        files.choose(file);
        clickOn("#runs-table-csv");
        await("the table is written", () -> Files.exists(file));
        await("it is whole", () -> Files.readString(file).lines().count() == 4);
        assertThat(Files.readString(file)).startsWith("run,state,layers,");

        pace.steps(0);
        await("nothing runs", () -> words("#task-message").startsWith("Nothing"));
        assertThat(table.getItems().toString()).doesNotContain("queued").doesNotContain("running");
        await("each pair is tested", () -> words("#runs-show-pairs").equals("Paired tests (3)"));
        clickOn("#runs-show-pairs");
        TableView<?> pairs = lookup("#runs-pairs").query();
        await(
                "the tests are shown",
                () -> visible("#runs-pairs") && pairs.getItems().size() == 3);
        assertThat(words("#runs-pairs-note")).contains("They cover the choice of rows");
        closeNotices();
        new Pictures(this).both("39-runs-paired");
    }

    @Test
    void theCurvesAreReadWhereThePointerIs() {
        pace.steps(0);
        clickOn("#train");
        await("it is done", () -> words("#run-state").startsWith("finished"));
        closeNotices();
        moveTo("#curve");
        await("the values are read", () -> words("#curve-readout").matches("Step \\d+ · [\\d.]+ \\(smoothed .*"));
        clickOn("#curve-time");
        moveTo("#curve");
        await("they are read along the time", () -> words("#curve-readout").matches("\\d:\\d\\d · .*"));
        moveTo("#run-title");
        await("nothing is read", () -> words("#curve-readout").startsWith("Point at"));
    }

    @Test
    void closingAsksAndTheWindowStaysIfPeopleWantThat() throws Exception {
        clickOn("#train");
        await("it goes", () -> words("#run-state").startsWith("running · step"));
        push(KeyCode.CONTROL, KeyCode.Q);
        await("it asks", () -> visible(".dialog-pane"));
        new Pictures(this).both("36-quit");
        push(KeyCode.ENTER);
        await("the question is gone", () -> !visible(".dialog-pane"));
        assertThat(stage.isShowing()).isTrue();
        assertThat(words("#run-state")).startsWith("running");
    }

    @Test
    void closingWaitsUntilAllIsDone() throws Exception {
        clickOn("#train");
        await("it goes", () -> words("#run-state").startsWith("running · step"));
        push(KeyCode.CONTROL, KeyCode.Q);
        await("it asks", () -> visible(".dialog-pane"));
        clickOn("Finish first");
        await("it says so", () -> words("#closing-words").equals("The window closes when the work is done."));
        interact(() -> stage.setIconified(false));
        new Pictures(this).both("37-closing");
        clickOn("#closing-keep");
        await("it stays", () -> !visible("#closing-words"));
        push(KeyCode.CONTROL, KeyCode.Q);
        await("it asks again", () -> visible(".dialog-pane"));
        clickOn("Finish first");
        pace.steps(0);
        await("it has closed", () -> !stage.isShowing());
    }

    @Test
    void closingStopsARunThatIsOfferedAtTheNextStart() throws Exception {
        clickOn("#train");
        await("it goes", () -> words("#run-state").matches("running · step [5-9].*"));
        push(KeyCode.CONTROL, KeyCode.Q);
        await("it asks", () -> visible(".dialog-pane"));
        clickOn("Stop and close");
        await("it asks for the study too", () -> visible("Do not save"));
        clickOn("Do not save");
        await("it has closed", () -> !stage.isShowing());
        onFx(() -> windows.close());
        assertThat(Files.readString(folder.resolve("window-TrainingUiTest.json")))
                .contains("definitions-6of12");
    }

    @Test
    void aRunThatFailsKeepsTheWindowOpen() {
        clickOn("#train");
        await("it goes", () -> words("#run-state").startsWith("running · step"));
        push(KeyCode.CONTROL, KeyCode.Q);
        await("it asks", () -> visible(".dialog-pane"));
        clickOn("Finish first");
        await("it waits", () -> visible("#closing-words"));
        pace.fail(true);
        await("it stays", () -> !visible("#closing-words"));
        assertThat(stage.isShowing()).isTrue();
        await("the reason is told", () -> visible(".dialog-pane"));
        clickOn("Close");
        await("the run says so", () -> words("#run-state").startsWith("failed: an invented defect"));
    }

    private int curves() {
        XYPlot plot = viewer("#runs-curves").getChart().getXYPlot();
        return plot.getDataset(1).getSeriesCount();
    }

    private int steps() {
        return viewer("#curve").getChart().getXYPlot().getDataset().getItemCount(0);
    }
}
