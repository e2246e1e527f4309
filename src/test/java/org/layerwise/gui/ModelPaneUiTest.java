package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A model that is opened behind another pane is shown whole, whenever its pane comes to the front. */
class ModelPaneUiTest extends WindowTest {

    @Test
    void thePaneShownWhileTheModelIsWorkedWithStaysWhole() {
        clickOn("#tab-analysis");
        pace.set(300);
        clickOn("#analysis-sample");
        await(
                "the model is open",
                () -> words("#title").contains("sample")
                        || !words("#task-message").isEmpty());
        clickOn("#tab-model");
        await("the model is shown", () -> visible("#model-name") && visible("#architecture"));
        pace.set(0);
        clickOn("#tab-analysis");
        await("the sample is analyzed", () -> words("#selection-count").equals("6 of 12 layers"));
        clickOn("#tab-data");
        sleep(3000); // the window prepares its panes
        clickOn("#tab-model");
        assertThat(visible("#model-name")).isTrue();
        assertThat(visible("#architecture")).isTrue();
    }
}
