package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.layerwise.gui.engine.Engine;

/** Drives trainings in the real window, on an engine that invents its numbers. */
class TrainingUiTest extends WindowTest {

    private final InventedEngine engine = new InventedEngine(40);

    @Override
    protected Engine engine() {
        return engine;
    }

    @BeforeEach
    void openSample() {
        engine.fail(false);
        engine.pace(5);
        clickOn("#welcome-sample");
        await("the analysis is done", () -> words("#selection-count").equals("6 of 12 layers"));
        await("nothing runs", () -> words("#task-message").startsWith("Nothing"));
        closeNotices();
        clickOn("#go-train");
        engine.pace(60);
    }

    @Test
    void aRunIsHeldUpAndGoesOn() throws Exception {
        clickOn("#train");
        await("it goes", () -> words("#run-state").matches("running · step [1-9].*"));
        new Pictures(this).both("20-training-live");
        clickOn("#run-pause");
        await("it is held up", () -> words("#run-state").startsWith("paused"));
        String then = words("#run-state");
        sleep(500);
        assertThat(words("#run-state")).isEqualTo(then);
        assertThat(words("#task-message")).startsWith("paused");
        new Pictures(this).both("21-training-paused");
        clickOn("#run-pause");
        await("it goes on", () -> words("#run-state").startsWith("running"));
        await("it is done", () -> words("#run-state").startsWith("finished"));
        new Pictures(this).both("22-training-done");
        clickOn("#run-page-log");
        new Pictures(this).both("23-training-log");
        clickOn("#train");
        clickOn("#tab-runs");
        sleep(1500);
        new Pictures(this).both("24-runs");
    }
}
