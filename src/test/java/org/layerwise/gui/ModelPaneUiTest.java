package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import javafx.scene.control.Button;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import org.junit.jupiter.api.Test;

/** A window that prepares its panes shows a model whole that was opened behind another pane. */
class ModelPaneUiTest extends WindowTest {

    @Override
    protected boolean prepares() {
        return true;
    }

    @Test
    void thePaneShownWhileTheModelIsWorkedWithStaysWhole() {
        show("tab-analysis");
        await("the pane is ready", () -> visible("#analysis-sample"));
        pace.set(50);
        onFx(() -> lookup("#analysis-sample").queryAs(Button.class).fire());
        await("the model opens", () -> words("#task-message").startsWith("Loading"));
        show("tab-model");
        await("the model is shown", () -> visible("#model-name") && visible("#architecture"));
        pace.set(0);
        show("tab-analysis");
        await("the sample is analyzed", () -> words("#selection-count").equals("6 of 12 layers"));
        show("tab-data");
        sleep(3000); // the window prepares its panes
        show("tab-model");
        assertThat(visible("#model-name")).isTrue();
        assertThat(visible("#architecture")).isTrue();
    }

    private void show(String tab) {
        onFx(() -> {
            TabPane tabs = lookup("#tabs").queryAs(TabPane.class);
            Tab found = tabs.getTabs().stream()
                    .filter(one -> tab.equals(one.getId()))
                    .findFirst()
                    .orElseThrow();
            tabs.getSelectionModel().select(found);
        });
    }
}
