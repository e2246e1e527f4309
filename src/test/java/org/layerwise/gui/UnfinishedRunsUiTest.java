package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import javafx.scene.Node;
import javafx.scene.control.TreeCell;
import org.junit.jupiter.api.Test;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.TrainingSettings;

/** Starts the window after it was cut off while it trained. */
class UnfinishedRunsUiTest extends WindowTest {

    @Override
    public void init() throws IOException {
        Path cut = home.resolve("definitions-3of12-20260101-120000");
        DataSettings rows = lab().rows("definitions.csv", 256).withBatch(4);
        TrainingSettings settings = TrainingSettings.defaults()
                .withLayers(new TreeSet<>(List.of(1, 5, 8)))
                .withHeldOut(rows.data(), null)
                .with(RunSettings.CHECKPOINT_EVERY, 16);
        lab().cutOff(cut, rows, settings, 20);
        Files.writeString(settings(), "{\"runs\": [\"%s\", \"/runs/gone\"]}".formatted(slashes(cut)));
    }

    private static String slashes(Path path) {
        return path.toString().replace("\\", "\\\\");
    }

    private static Path settings() {
        return folder.resolve("window-UnfinishedRunsUiTest.json");
    }

    @Test
    void aRunThatWasCutOffGoesOnWithoutItsModelBeingOpen() throws Exception {
        clickOn("#tab-training");
        await(
                "it is offered",
                () -> words("#offer-words")
                        .equals(
                                "definitions-3of12 was cut off at step 20 of 64 when the program ended. It can go on from its last checkpoint."));
        closeNotices();
        new Pictures(this).both("38-offer");
        clickOn("#offer-resume");
        await("the offer is gone", () -> !visible("#offer"));
        await("it is done", () -> words("#run-state").startsWith("finished · 64 steps"));
        await("it need not be remembered", () -> !Files.readString(settings()).contains("definitions-3of12"));
    }

    @Test
    void whatIsPutAwayIsNotOfferedAgainButCanStillGoOn() {
        clickOn("#tab-training");
        await("it is offered", () -> visible("#offer"));
        closeNotices();
        clickOn("#offer-dismiss");
        await("it is put away", () -> !visible("#offer"));
        await("it is not remembered", () -> !Files.readString(settings()).contains("definitions-3of12"));
        clickOn(lookup(".navigator-cell")
                .match((Node node) -> node instanceof TreeCell<?> cell
                        && String.valueOf(cell.getItem()).contains("interrupted"))
                .<Node>query());
        await("it is shown", () -> words("#run-state").startsWith("interrupted · step 20 of 64"));
        clickOn("#run-resume");
        await("it is done", () -> words("#run-state").startsWith("finished"));
        assertThat(words("#run-title")).isEqualTo("Run 1 · 3 of 12 layers");
    }
}
