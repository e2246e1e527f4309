package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Spinner;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Drives a pilot and an experiment of a tiny model in the real window. */
class ExperimentUiTest extends WindowTest {

    private static final int UNHURRIED = 60;

    private final Pictures pictures = new Pictures(this);

    @BeforeEach
    void openSample() {
        clickOn("#welcome-sample");
        await("the analysis is done", () -> words("#selection-count").equals("6 of 12 layers"));
        await("nothing runs", () -> words("#task-message").startsWith("Nothing"));
        closeNotices();
        clickOn("#tab-experiment");
        await("the pane is there", () -> visible("#experiment-start"));
    }

    /** Several runs of some seconds each. */
    @Override
    protected int patienceSeconds() {
        return 240;
    }

    private void seeds(int number) {
        Spinner<Integer> spinner = lookup("#experiment-seeds").query();
        interact(() -> spinner.getValueFactory().setValue(number));
    }

    private List<String> means() {
        TableView<?> table = lookup("#experiment-table").query();
        return onFx(() -> table.getItems().stream().map(Object::toString).toList());
    }

    @Test
    void armsAreTrainedComparedAndReported() throws Exception {
        assertThat(words("#experiment-cost")).isEqualTo("4 arms × 3 seeds: 12 final runs");
        pictures.both("90-experiment-nothing");
        seeds(2);
        clickOn("#arm-selected");
        clickOn("#arm-last");
        assertThat(words("#experiment-cost")).isEqualTo("2 arms × 2 seeds: 4 final runs");
        pace.steps(UNHURRIED);
        clickOn("#experiment-start");
        await("a run goes on", () -> words("#experiment-state").startsWith("Run 1 of 4: all layers"));
        pace.steps(0);
        await("a run has ended", () -> means().stream().anyMatch(row -> row.contains("shown=1")));
        pace.steps(UNHURRIED);
        assertThat(visible("#experiment-parameters")).isTrue();
        hideNotices();
        pictures.both("91-experiment-live");
        pace.steps(0);
        await("it has ended", () -> words("#experiment-state").equals("Finished"));
        hideNotices();
        assertThat(means()).hasSize(2).allMatch(row -> row.contains("shown=2"));
        for (String figure : List.of("parameters", "differences", "metric", "ranks")) {
            assertThat(visible("#experiment-" + figure)).as(figure).isTrue();
        }
        assertThat(visible("#experiment-conclusion")).isTrue();
        Path folder = Path.of(
                onFx(() -> lookup("#experiment-folder").<TextField>query().getText()));
        assertThat(folder.resolve("report.html")).isRegularFile();
        pictures.both("92-experiment-done");
        ScrollPane page = lookup("#experiment-result").query();
        interact(() -> page.setVvalue(1));
        pictures.both("93-experiment-figures");

        assertThat(words("#experiment-start")).isEqualTo("Extend e_xperiment");
        clickOn("#arm-last");
        clickOn("#experiment-start");
        await(
                "the new arm is in",
                () -> means().size() == 3 && words("#experiment-state").equals("Finished"));
    }

    @Test
    void anExperimentStopsAndGoesOn() {
        seeds(1);
        clickOn("#arm-selected");
        clickOn("#arm-random");
        pace.steps(UNHURRIED);
        clickOn("#experiment-start");
        await("a run goes on", () -> words("#experiment-state").startsWith("Run 1 of 2"));
        clickOn("#experiment-stop");
        await("it has stopped", () -> words("#experiment-state").startsWith("Stopped"));
        closeNotices();
        pace.steps(0);
        clickOn("#experiment-start");
        await("it has ended", () -> words("#experiment-state").equals("Finished"));
        assertThat(means()).hasSize(2);
    }

    @Test
    void aPilotSaysWhatItTakesAndAnEarlierExperimentIsOpened() throws Exception {
        Node difference = lookup("#experiment-difference").query();
        interact(() -> ((TextField) difference).setText("0.05"));
        clickOn("#arm-selected");
        Spinner<Integer> spinner = lookup("#experiment-pilot-seeds").query();
        interact(() -> spinner.getValueFactory().setValue(2));
        clickOn("#experiment-pilot");
        await("it has ended", () -> words("#experiment-state").equals("Pilot finished"));
        hideNotices();
        assertThat(visible("#experiment-pilot-result")).isTrue();
        pictures.both("94-experiment-pilot");
        Path folder = Path.of(
                onFx(() -> lookup("#experiment-folder").<TextField>query().getText()));
        assertThat(Files.isRegularFile(folder.resolve("pilot.json"))).isTrue();
        assertThat(words("#experiment-start")).isEqualTo("Start e_xperiment");
        ScrollPane form = lookup("#experiment-form").query();
        interact(() -> form.setVvalue(1));
        clickOn("#experiment-folder-new");
        assertThat(onFx(() -> lookup("#experiment-folder").<TextField>query().getText()))
                .isEmpty();
        interact(() -> form.setVvalue(0));
        clickOn("#arm-random");
        assertThat(lookup("#arm-random").<CheckBox>query().isSelected()).isFalse();
        files.choose(folder);
        interact(() -> form.setVvalue(1));
        clickOn("#experiment-open");
        await(
                "its arms are chosen",
                () -> lookup("#arm-random").<CheckBox>query().isSelected());
        assertThat(words("#experiment-state")).isEqualTo("Pilot finished");
    }
}
