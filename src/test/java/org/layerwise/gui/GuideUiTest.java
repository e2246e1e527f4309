package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import javafx.scene.control.SplitPane;
import org.junit.jupiter.api.Test;

/** Somebody who starts the program for the first time is led from nothing to a saved adapter. */
class GuideUiTest extends WindowTest {

    @Override
    protected boolean guided() {
        return false;
    }

    @Test
    void fromNothingToASavedStudy() throws Exception {
        assertThat(words("#guide-words")).startsWith("Begin with the sample");
        SplitPane across = lookup("#across").query();
        assertThat(across.getDividerPositions()[0])
                .as("the sides have their usual width")
                .isBetween(0.15, 0.17);
        assertThat(across.getDividerPositions()[1]).isBetween(0.76, 0.79);
        new Pictures(this).both("72-first-start");
        clickOn("#guide-next");
        await(
                "one click leads to a heatmap",
                () -> visible("#heatmap") && words("#guide-words").startsWith("A cell of the heatmap"));
        hideNotices();
        new Pictures(this).both("73-first-analysis");
        clickOn("#guide-next");
        await("the training is in front", () -> visible("#train"));
        clickOn("#train");
        await("the run is done", () -> words("#guide-words").startsWith("The adapter is in the folder"));
        Path study = folder.resolve("first.layerwise");
        files.choose(study);
        clickOn("#guide-next");
        await("the study is saved and the guide is over", () -> Files.exists(study) && !visible("#guide-bar"));
    }

    @Test
    void whoeverKnowsTheWayPutsItAway() {
        clickOn("#guide-close");
        await("it is gone", () -> !visible("#guide-bar"));
        clickOn("#menu-help");
        await("the menu is open", () -> visible("#menu-first-steps"));
        clickOn("#menu-first-steps");
        await("it is there again", () -> visible("#guide-bar"));
    }
}
