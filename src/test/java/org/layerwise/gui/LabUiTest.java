package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.TableView;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;
import org.layerwise.analysis.Position;
import org.layerwise.gui.compare.Subject;
import org.layerwise.testing.TinyModels;

/** From an analysis to how far it can be trusted, and back from a saved folder without its model; photographed. */
class LabUiTest extends WindowTest {

    private final Pictures pictures = new Pictures(this);

    @Test
    void anAnalysisIsResampledSavedAndOpenedAgain() throws Exception {
        clickOn("#tab-stability");
        await("it is said what it needs", () -> visible("#tab-stability"));
        pictures.both("40-stability-nothing");
        clickOn("#tab-model");
        clickOn("#welcome-sample");
        await("the analysis is done", () -> words("#selection-count").startsWith("6 of"));
        await("nothing runs", () -> words("#task-message").startsWith("Nothing"));
        clickOn("#tab-stability");
        await("it offers to resample", () -> visible("#analyze-stability"));
        hideNotices();
        pictures.both("41-stability-offer");
        clickOn("#analyze-stability");
        await("it says how stable the selection is", () -> words("#stability-overlap")
                .contains(" of the 6"));
        await("nothing runs", () -> words("#task-message").startsWith("Nothing"));
        assertThat(lookup("#stability-layers").<TableView<?>>query().getItems()).hasSize(TinyModels.LAYERS);
        hideNotices();
        pictures.both("42-stability");

        clickOn("#tab-analysis");
        clickOn("#measures");
        ChoiceBox<Position> position = lookup("#position").query();
        interact(() -> position.setValue(Position.MEAN));
        clickOn("#measures");
        push(KeyCode.CONTROL, KeyCode.R);
        await("there are three", () -> words("#analysis-title").endsWith("analysis 3"));
        await("nothing runs", () -> words("#task-message").startsWith("Nothing"));
        clickOn("#tab-compare");
        await("they are compared", () -> visible("#overlay"));
        hideNotices();
        clickOn("#compare-1-cka");
        pictures.both("44-compare-layers");
        clickOn("#use-consensus");
        await("the consensus is selected", () -> words("#selection-rule").startsWith("chosen by hand"));
        clickOn("#compare-page-agreement");
        await("the matrix is there", () -> visible("#agreement"));
        assertThat(lookup("#compare-pairs").<TableView<?>>query().getItems()).hasSize(1);
        pictures.both("47-compare-agreement");
        clickOn("#compare-page-difference");
        await("the heatmaps are there", () -> visible("#heatmap-difference"));
        moveTo("#heatmap-first");
        await("what it is at is said", () -> words("#difference-readout").startsWith("States"));
        pictures.both("45-compare-difference");
        ChoiceBox<Subject> left = lookup("#compare-first").query();
        ChoiceBox<Subject> right = lookup("#compare-second").query();
        Subject before = left.getValue();
        clickOn("#compare-1-cka");
        await("there are three", () -> left.getItems().size() == 3);
        assertThat(left.getValue()).as("A stays").isNotNull().isEqualTo(before);
        assertThat(right.getValue()).as("B stays").isNotNull();
        clickOn("#compare-1-cka");
        clickOn("#compare-2-cka");
        pictures.both("46-compare-one");

        clickOn("#menu-analysis");
        clickOn("#menu-copy-methods");
        String methods = onFx(() -> Clipboard.getSystemClipboard().getString());
        assertThat(methods).contains("bge-small-en-v1.5");

        files.choose(folder);
        clickOn("#menu-analysis");
        clickOn("#menu-save-analysis");
        Path saved = folder.resolve("bge-small-en-v1.5-definitions");
        await("it is saved", () -> saved.resolve("analysis.json").toFile().isFile());
        await("nothing runs", () -> words("#task-message").startsWith("Nothing"));
        clickOn("#menu-analysis");
        clickOn("#menu-close-analysis");
        await("it is closed", () -> !visible("#stability-overlap"));
        clickOn("#tab-model");
        files.choose(lab().folder("llama"));
        push(KeyCode.CONTROL, KeyCode.M);
        clickOn("#choose-folder");
        await("another model is open", () -> words("#model-name").equals("llama"));
        files.choose(saved);
        clickOn("#menu-analysis");
        clickOn("#menu-open-analysis");
        await("its heatmap is there", () -> visible("#heatmap"));
        assertThat(words("#selection-count")).isEqualTo("6 of 12 layers");
        clickOn("#tab-training");
        await("training says why not", () -> visible("#training-mistake"));
        pictures.both("43-opened-analysis-training");
        clickOn("#tab-analysis");
        pictures.both("43-opened-analysis");
    }
}
