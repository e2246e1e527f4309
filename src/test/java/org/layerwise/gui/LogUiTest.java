package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javafx.scene.control.CheckMenuItem;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuBar;
import javafx.scene.control.SplitPane;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;
import org.layerwise.gui.tasks.ActivityLog;
import org.testfx.util.WaitForAsyncUtils;

/** The log below the panes: what it tells, how it is opened, copied, and found again. */
class LogUiTest extends WindowTest {

    @Test
    void tellsWhatHappened() throws Exception {
        interact(() -> menuItem().setSelected(false)); // as another test may have left it
        push(KeyCode.CONTROL, KeyCode.J);
        await("the log is in sight", () -> visible("#log-list"));
        assertThat(visible("Nothing has happened yet.")).isTrue();
        assertThat(menuItem().isSelected()).isTrue();
        openTheSample();
        assertThat(lines())
                .anySatisfy(line -> {
                    assertThat(line.kind()).isEqualTo(ActivityLog.Kind.NOTE);
                    assertThat(line.words()).startsWith("Analysis finished: 11 of 12 layers ranked in");
                })
                .anySatisfy(line -> {
                    assertThat(line.kind()).isEqualTo(ActivityLog.Kind.DONE);
                    assertThat(line.words()).containsPattern(": done in \\d+:\\d\\d$");
                })
                .as("what a note tells is not told twice")
                .noneSatisfy(line -> assertThat(line.words()).startsWith("Analyzing"));

        pace.fail(true);
        clickOn("#analyze");
        await("a dialog says so", () -> visible(".dialog-pane"));
        clickOn("Close");
        pace.fail(false);
        assertThat(lines().stream().filter(line -> line.kind() == ActivityLog.Kind.FAILED))
                .as("told once")
                .hasSize(1)
                .allSatisfy(line -> assertThat(line.words()).startsWith("The analysis did not finish."));
        clickOn("#retry");
        await("it runs", () -> words("#task-title").startsWith("Analyzing"));
        interact(() -> lookup("#cancel-task").queryButton().fire());
        await("it is cancelled", () -> last().kind() == ActivityLog.Kind.CANCELLED);
        assertThat(last().words()).startsWith("Analyzing").endsWith(": cancelled");
        new Pictures(this).both("60-log");

        clickOn("#log-list");
        push(KeyCode.CONTROL, KeyCode.A);
        push(KeyCode.CONTROL, KeyCode.C);
        String copied = onFx(() -> Clipboard.getSystemClipboard().getString());
        assertThat(copied.lines()).hasSameSizeAs(lines());
        assertThat(copied)
                .containsPattern(
                        "(?m)^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\tfailed\tThe analysis did not finish\\.");
        clickOn("#show-log");
        await("the log is out of sight", () -> !visible("#log-list"));
        assertThat(menuItem().isSelected()).isFalse();
    }

    @Test
    void aFileThatCannotBeReadIsTold() throws Exception {
        Path file = Files.writeString(folder.resolve("broken.layerwise"), "{");
        interact(() -> window.open(file));
        await("it is told", () -> lines().stream()
                .anyMatch(line ->
                        line.kind() == ActivityLog.Kind.FAILED && line.words().contains("broken.layerwise")));
    }

    @Test
    void staysWhereItWasLeft() {
        interact(() -> menuItem().setSelected(false));
        clickOn("#show-log");
        await("the log is in sight", () -> visible("#log-list"));
        SplitPane down = lookup("#down").query();
        interact(() -> down.setDividerPositions(0.6));
        WaitForAsyncUtils.waitForFxEvents();
        double left = down.getDividerPositions()[0];
        clickOn("#show-log");
        await("the log is out of sight", () -> !visible("#log-list"));
        clickOn("#show-log");
        await("the log is in sight again", () -> visible("#log-list"));
        assertThat(down.getDividerPositions()[0]).isEqualTo(left);
        clickOn("#show-log");
    }

    private List<ActivityLog.Entry> lines() {
        return onFx(() -> List.copyOf(log().getItems()));
    }

    private ActivityLog.Entry last() {
        List<ActivityLog.Entry> all = log().getItems();
        return all.get(all.size() - 1);
    }

    @SuppressWarnings("unchecked")
    private ListView<ActivityLog.Entry> log() {
        if (!visible("#log-list")) {
            menuItem().setSelected(true);
        }
        return (ListView<ActivityLog.Entry>) lookup("#log-list").query();
    }

    private CheckMenuItem menuItem() {
        return lookup(".menu-bar").queryAs(MenuBar.class).getMenus().stream()
                .flatMap(menu -> menu.getItems().stream())
                .filter(item -> "menu-log".equals(item.getId()))
                .map(CheckMenuItem.class::cast)
                .findFirst()
                .orElseThrow();
    }
}
