package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.MenuItem;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import javafx.stage.Window;
import org.junit.jupiter.api.Test;
import org.layerwise.study.document.StudyFile;
import org.testfx.util.WaitForAsyncUtils;

/** Studies in the real window: saved with the keyboard, opened in a window of their own, changes taken back. */
class StudyUiTest extends WindowTest {

    @Test
    void aStudyIsSavedOpenedBesideAndClosed() throws Exception {
        openTheSample();
        await("nothing changes any more", () -> words("#task-message").startsWith("Nothing"));
        Path study = folder.resolve("own.layerwise");
        files.choose(study);
        push(KeyCode.CONTROL, KeyCode.S);
        await(
                "the study is saved",
                () -> Files.exists(study) && stage.getTitle().startsWith("own"));
        assertThat(stage.getTitle()).doesNotContain("changed");
        new Pictures(this).both("70-study");

        interact(() -> lookup("#ranking").query().requestFocus());
        push(KeyCode.DOWN);
        push(KeyCode.SPACE);
        await("it is changed", () -> stage.getTitle().contains("(changed)"));
        assertThat(item("menu-undo").getText()).isEqualTo("_Undo: selection of layers");
        push(KeyCode.CONTROL, KeyCode.Z);
        await("it is as it was", () -> !stage.getTitle().contains("(changed)"));

        push(KeyCode.CONTROL, KeyCode.N);
        await("there is a second window", () -> stages().size() == 2);
        Stage second = stages().get(1);
        assertThat(second.getTitle()).isEqualTo("Layerwise");
        Hyperlink recent = (Hyperlink) second.getScene().lookup("#recent-studies .hyperlink");
        assertThat(recent.getText()).as("a study to go on with").isEqualTo("own");
        interact(second::requestFocus);
        new Pictures(this).both("70-study-recent");
        WaitForAsyncUtils.waitForFxEvents();
        files.choose(study);
        interact(() -> windows.open(study));
        assertThat(stages()).as("the study is open already").hasSizeGreaterThanOrEqualTo(2);
        interact(() -> {
            for (Stage other : stages()) {
                if (other != stage) {
                    other.hide();
                }
            }
        });
        await("only the first is open", () -> stages().size() == 1);
        assertThat(StudyFile.read(study).analyses()).hasSize(1);
    }

    private MenuItem item(String id) {
        return lookup(".menu-bar").queryAs(javafx.scene.control.MenuBar.class).getMenus().stream()
                .flatMap(menu -> menu.getItems().stream())
                .filter(found -> id.equals(found.getId()))
                .findFirst()
                .orElseThrow();
    }

    private static List<Stage> stages() {
        return Window.getWindows().stream()
                .filter(Stage.class::isInstance)
                .map(Stage.class::cast)
                .filter(shown -> shown.getOwner() == null)
                .toList();
    }

    @Test
    void theTitleSaysWhatIsOpen() {
        assertThat(visible("#navigator")).isTrue();
        assertThat(stage.getTitle()).isEqualTo("Layerwise");
    }
}
