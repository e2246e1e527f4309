package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import javafx.application.Platform;
import javafx.scene.control.ListView;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.layerwise.gui.selection.SelectionFormat;
import org.layerwise.selection.export.ExportFormat;

/** Selections in every form, kept, compared, and taken from files only after a look at what they would change. */
class SelectionsUiTest extends WindowTest {

    @BeforeEach
    void analyzed() {
        openTheSample();
        hideNotices();
    }

    @Test
    void everyFormIsShownAsItIsNowAndCopied() throws Exception {
        clickOn("#export-selection");
        await("the file is shown", () -> preview().contains("\"one_hot\" : \"011011001001\""));
        ListView<SelectionFormat> formats = lookup("#export-formats").query();
        interact(() -> formats.getSelectionModel().select(SelectionFormat.of(ExportFormat.PEFT)));
        await("the script is shown", () -> preview().contains("LoraConfig"));
        new Pictures(this).both("74-export-selection");
        interact(() -> formats.getSelectionModel().select(SelectionFormat.of(ExportFormat.ONE_HOT)));
        await("the layers are shown", () -> preview().equals("011011001001"));
        clickOn("#export-copy");
        assertThat(onFx(() -> Clipboard.getSystemClipboard().getString())).isEqualTo("011011001001");
        Path file = folder.resolve("one-hot.txt");
        files.choose(file);
        clickOn("#export-save");
        await("it is written", () -> Files.exists(file));
        assertThat(file).hasContent("011011001001");
        push(KeyCode.ESCAPE);
        await("the window is closed", () -> !visible("#export-preview"));
    }

    @Test
    void aKeptSelectionIsComparedRenamedAndTaken() throws Exception {
        clickOn("#menu-selection");
        await("the menu is open", () -> visible("#menu-keep-selection"));
        clickOn("#menu-keep-selection");
        push(KeyCode.CONTROL, KeyCode.I);
        await("the others are selected", () -> words("#selection-rule").startsWith("chosen by hand"));
        clickOn("#menu-selection");
        await("the menu is open", () -> visible("#menu-compare-selections"));
        clickOn("#menu-compare-selections");
        await("what differs is said", () -> words("#diff-sentence").contains(" adds "));
        new Pictures(this).both("75-compare-selections");
        TextField name = lookup("#kept-name-second").query();
        clickOn(name).push(KeyCode.CONTROL, KeyCode.A).write("half by CKA").push(KeyCode.ENTER);
        await("it has its name", () -> words("#diff-sentence").startsWith("half by CKA"));
        clickOn("#kept-use-second");
        await("it is selected", () -> words("#diff-sentence").contains("the same"));
        push(KeyCode.ESCAPE);
        assertThat(words("#selection-count")).isEqualTo("6 of 12 layers");
    }

    @Test
    void aFileIsLookedAtBeforeItIsTaken() throws Exception {
        push(KeyCode.CONTROL, KeyCode.I);
        Path file = folder.resolve("selection-mine.json");
        Files.writeString(file, "{\"version\": 1, \"layers\": [0, 5], \"of\": 12}");
        Platform.runLater(() -> window.open(file));
        await("what differs is said", () -> words("#diff-sentence").contains(" adds "));
        new Pictures(this).both("76-import-selection");
        clickOn("Select these layers");
        await("it is selected", () -> words("#selection-count").equals("2 of 12 layers"));
    }

    @Test
    void aFileOfAnotherModelIsToldOf() throws Exception {
        Path file = folder.resolve("selection-other.json");
        Files.writeString(file, "{\"version\": 1, \"model\": \"other-model\", \"layers\": [0, 5], \"of\": 12}");
        Platform.runLater(() -> window.open(file));
        await("the other model is named", () -> words("#import-warning").contains("the model other-model"));
        new Pictures(this).both("77-import-other-model");
        clickOn("Select these layers");
        await("it is selected", () -> words("#selection-count").equals("2 of 12 layers"));
    }

    private String preview() {
        return lookup("#export-preview")
                .tryQueryAs(TextArea.class)
                .map(TextArea::getText)
                .orElse("");
    }
}
