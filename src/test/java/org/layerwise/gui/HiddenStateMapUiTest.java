package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import javafx.scene.input.KeyCode;
import org.jfree.chart.entity.XYItemEntity;
import org.junit.jupiter.api.Test;

/** Looks at the map of hidden states; photographed. */
class HiddenStateMapUiTest extends WindowTest {

    @Test
    void hiddenStatesAreMapped() throws Exception {
        Pictures pictures = new Pictures(this);
        openTheSample();
        assertThat(visible("#view-map")).as("CKA has no map").isFalse();
        clickOn("#measures");
        clickOn("#measure-angular-procrustes");
        clickOn("#measures");
        clickOn("#analyze");
        await("the second analysis is done", () -> words("#analysis-title").endsWith("analysis 2"));
        await("nothing runs", () -> words("#task-message").startsWith("Nothing"));
        hideNotices();
        clickOn("#view-map");
        await("the measure that has one is offered", () -> visible("#no-map"));
        clickOn("#map-by-angular-procrustes");
        await(
                "the map is drawn",
                () -> visible("#map")
                        && entity("#map", XYItemEntity.class::isInstance).isPresent());
        assertThat(lookup("#map").query().getAccessibleText())
                .matches("Map of hidden states\\. Two dimensions keep .*% of the squared distances\\. .*");
        moveTo(centre("#map", found -> found instanceof XYItemEntity item && item.getItem() == 6));
        await("a state is read", () -> words("#map-readout").matches("Hidden state \\d+ \\(after layer \\d+\\) · .*"));
        pictures.both("66-map");
        Path file = home.resolve("map.png");
        files.choose(file);
        clickOn("#map-export");
        await("the dialog is open", () -> visible("#export-dpi"));
        push(KeyCode.ENTER);
        await("it is written", () -> Files.isRegularFile(file));
    }
}
