package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;
import org.layerwise.base.json.Json;
import org.layerwise.install.AppFolders;
import org.layerwise.selection.SelectionFile;
import org.layerwise.study.Workbench;
import org.layerwise.testing.Golden;

/** The whole job in the real window on the real engine, with the tiny golden model. */
class RealJobUiTest extends WindowTest {

    private static final int ROWS = 48;

    @Override
    protected Workbench workbench() {
        return new Workbench(new AppFolders(
                folder.resolve("data"), folder.resolve("config"), folder.resolve("state"), folder.resolve("cache")));
    }

    @Test
    void openAnalyzeChooseSaveTrainCancel() throws Exception {
        files.choose(Golden.folder("bert"));
        clickOn("#welcome-open");
        clickOn("#choose-folder");
        await("the card is there", () -> words("#model-name").equals("bert"));
        assertThat(words("#status-device")).contains("CPU");

        files.choose(table());
        clickOn("#tab-data");
        clickOn("#data-open");
        await("the rows are there", () -> words("#data-name").equals("rows"));

        push(KeyCode.CONTROL, KeyCode.R);
        await("two of four layers are chosen", () -> words("#selection-count").equals("2 of 4 layers"));
        closeNotices();
        interact(() -> lookup("#ranking").query().requestFocus());
        push(KeyCode.DOWN);
        push(KeyCode.SPACE);
        await("one is left", () -> words("#selection-count").equals("1 of 4 layers"));

        Path selection = folder.resolve("selection.json");
        files.choose(selection);
        clickOn("#save-selection");
        await("the selection is saved", () -> Files.exists(selection));
        assertThat(SelectionFile.read(selection).selection().layers()).hasSize(1);
        assertThat(SelectionFile.read(selection).importance()).isNotNull();

        Path picture = folder.resolve("heatmap.png");
        files.choose(picture);
        push(KeyCode.CONTROL, KeyCode.E);
        await("the dialog is open", () -> visible("#export-dpi"));
        clickOn("Export…");
        await("the picture is written", () -> Files.exists(picture));
        await("the dialog is closed", () -> !visible("#export-dpi"));
        closeNotices();

        clickOn("#go-train");
        train("2", "finished");
        assertThat(Files.exists(run("adapter", "adapter_model.safetensors"))).isTrue();
        JsonNode summary = Json.read(run("summary.json"));
        assertThat(summary.isObject()).isTrue();

        closeNotices();
        TextField epochs = lookup("#field-epochs").query();
        // without robot: the notice of the end comes when it likes and takes keys and clicks
        interact(() -> epochs.setText("5000"));
        interact(() -> lookup("#train").queryButton().fire());
        await("it goes", () -> words("#run-state").contains("step 2"));
        interact(() -> lookup("#cancel-task").queryButton().fire());
        await("it has stopped", () -> words("#run-state").startsWith("cancelled"));
    }

    private void train(String epochs, String state) {
        TextField field = lookup("#field-epochs").query();
        doubleClickOn(field).write(epochs);
        push(KeyCode.TAB);
        clickOn("#train");
        await("it is " + state, () -> words("#run-state").startsWith(state));
    }

    /** A file in the only run folder. */
    private Path run(String... parts) {
        try (Stream<Path> runs = Files.list(runs())) {
            Path at = runs.findFirst().orElseThrow();
            for (String part : parts) {
                at = at.resolve(part);
            }
            return at;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Rows of tokens of which the first decides the label. */
    private static Path table() throws IOException {
        Random random = new Random(5);
        Path file = folder.resolve("rows.jsonl");
        Files.write(
                file,
                IntStream.range(0, ROWS)
                        .mapToObj(row -> "{\"input_ids\": [%s, %s], \"labels\": %s}"
                                .formatted(
                                        2 + row % 30,
                                        IntStream.range(0, 6 + row % 9)
                                                .mapToObj(token -> String.valueOf(40 + random.nextInt(70)))
                                                .collect(Collectors.joining(", ")),
                                        row % 3))
                        .toList());
        return file;
    }
}
