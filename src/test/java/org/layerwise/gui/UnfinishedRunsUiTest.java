package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import javafx.scene.Node;
import javafx.scene.control.TreeCell;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.layerwise.gui.engine.Engine;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.TrainingSettings;

/** Starts the window after it was cut off while it trained, on an engine that invents its numbers. */
class UnfinishedRunsUiTest extends WindowTest {

    private static final Path CUT =
            Path.of("/runs/definitions-3of12-20260101-120000").toAbsolutePath();

    private final InventedEngine engine = new InventedEngine(10);

    @Override
    protected Engine engine() {
        return engine;
    }

    @Override
    public void start(Stage shown) {
        engine.plant(new InventedRun(
                        engine.model("sample").card(),
                        DataSettings.of("sample:definitions"),
                        TrainingSettings.defaults().withLayers(new TreeSet<>(List.of(1, 5, 8))),
                        CUT)
                .cutOff(20));
        try {
            Files.writeString(settings(), "{\"runs\": [\"%s\", \"/runs/gone\"]}".formatted(slashes(CUT)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        super.start(shown);
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
