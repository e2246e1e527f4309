package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;
import org.layerwise.gui.engine.Engine;

/** From an analysis to how far it can be trusted, and back from a saved folder without its model; photographed. */
class LabUiTest extends WindowTest {

    private final InventedEngine engine = new InventedEngine(5);
    private final Pictures pictures = new Pictures(this);

    @Override
    protected Engine engine() {
        return engine;
    }

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
        closeNotices();
        pictures.both("41-stability-offer");
        clickOn("#analyze-stability");
        await("it says how stable the selection is", () -> words("#stability-overlap")
                .contains("5.4 of the 6"));
        await("nothing runs", () -> words("#task-message").startsWith("Nothing"));
        assertThat(lookup("#stability-layers").<TableView<?>>query().getItems()).hasSize(InventedEngine.LAYERS);
        closeNotices();
        pictures.both("42-stability");

        files.choose(folder);
        push(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.S);
        Path saved = folder.resolve("bge-small-en-v1.5-definitions");
        await("it is saved", () -> saved.resolve("analysis.json").toFile().isFile());
        await("nothing runs", () -> words("#task-message").startsWith("Nothing"));
        push(KeyCode.CONTROL, KeyCode.W);
        await("it is closed", () -> !visible("#stability-overlap"));
        clickOn("#tab-model");
        files.choose(Path.of("/models/llama"));
        push(KeyCode.CONTROL, KeyCode.O);
        clickOn("#choose-folder");
        await("another model is open", () -> words("#model-name").equals("llama"));
        files.choose(saved);
        clickOn("#menu-file");
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
