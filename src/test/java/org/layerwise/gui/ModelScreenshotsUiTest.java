package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.TreeTableView;
import javafx.scene.input.KeyCode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.layerwise.gui.engine.Engine;
import org.layerwise.settings.Loading;
import org.layerwise.study.model.CachedModelCard;

/** Photographs how models are opened and how large ones look: pictures to look at, in target/screenshots. */
class ModelScreenshotsUiTest extends WindowTest {

    private final InventedEngine engine = new InventedEngine(30);

    @Override
    protected Engine engine() {
        return engine;
    }

    @Test
    void openingAndLookingAtModels() throws Exception {
        Pictures pictures = new Pictures(this);
        clickOn("#welcome-open");
        pictures.both("20-open-folder-first");
        files.choose(Files.createDirectories(folder.resolve("models").resolve("bge-small-en-v1.5")));
        clickOn("#choose-folder");
        await("it is open", () -> visible("#model-name"));
        pictures.both("21-model-encoder");
        push(KeyCode.CONTROL, KeyCode.M);
        pictures.both("22-open-folder");
        clickOn("#way-cache");
        await("it is said that there are none", () -> visible("#cache-fetch"));
        pictures.both("23-open-cache-empty");
        engine.cache(cached());
        clickOn("#cache-refresh-empty");
        await("they are listed", () -> visible("#cache-open"));
        pictures.both("24-open-cache");
        clickOn("karpathy/stories260K");
        pictures.both("24-open-cache-broken");

        clickOn("#way-hub");
        pictures.both("25-open-hub");
        clickOn("#hub-name").write("meta-llama/gated-8b").push(KeyCode.ENTER);
        await("the reason is said", () -> visible("#hub-problem"));
        pictures.both("26-open-hub-error");
        doubleClickOn("#hub-name").push(KeyCode.CONTROL, KeyCode.A).write("huggyllama/llama-7b");
        clickOn("#hub-check");
        await("its size is known", () -> visible("#hub-download"));
        pictures.both("27-open-hub-found");
        clickOn("#hub-download");
        await("a third is there", () -> words("#task-message").matches(".*, ([4-9]\\.\\d|\\d\\d) GiB of.*"));
        clickOn("#pause-task");
        pictures.both("28-open-hub-fetching");
        clickOn("#cancel-task");
        await("it is stopped", () -> words("#hub-answer").startsWith("The download was stopped"));
        pictures.both("28-open-hub-stopped");
        engine.pace(1);
        clickOn("#hub-download");
        await("it is open", () -> words("#model-name").equals("llama-7b"));
        closeNotices();
        pictures.both("30-model-by-layers");

        ChoiceBox<Loading> loading = lookup("#loading").query();
        interact(() -> loading.setValue(Loading.WHOLE));
        clickOn("#reload");
        await("it is whole", () -> !visible("#model-by-layers"));
        TreeTableView<?> table = lookup("#architecture").query();
        interact(() -> table.getRoot().getChildren().get(1).setExpanded(true));
        pictures.both("31-inspector");
        clickOn("#architecture-search").write("v_proj");
        pictures.both("31-inspector-search");
        analyze();
        pictures.both("32-decoder-analysis");
        interact(() -> lookup("#ranking").query().requestFocus());
        push(KeyCode.DOWN);
        pictures.both("32-decoder-hover");

        assertThat(Path.of("target", "screenshots", "31-inspector-dark.png")).isNotEmptyFile();
        interact(() -> loading.setValue(Loading.AUTO));
        files.choose(Path.of("/models/Llama-2-70b-hf"));
        push(KeyCode.CONTROL, KeyCode.M);
        clickOn("#way-folder");
        clickOn("#choose-folder");
        await("it is open", () -> words("#model-name").equals("Llama-2-70b-hf"));
        analyze();
        pictures.both("33-large-analysis");
        clickOn("#tab-training");
        pictures.both("34-large-training");
        clickOn("#tab-data");
        pictures.both("35-data-no-images");
        files.choose(Path.of("/models/llava-1.5-7b-hf"));
        push(KeyCode.CONTROL, KeyCode.M);
        clickOn("#choose-folder");
        await("it is open", () -> words("#model-name").equals("llava-1.5-7b-hf"));
        clickOn("#tab-data");
        ComboBox<String> image = lookup("#column-image").query();
        interact(() -> image.setValue("id"));
        clickOn("#data-apply");
        await("the rows are there", () -> words("#task-message").startsWith("Nothing"));
        pictures.both("36-data-images");
    }

    private void analyze() {
        if (!visible("#data-table")) {
            clickOn("#tab-data");
            files.choose(Path.of("/data/table.csv"));
            lookup("#data-open").tryQuery().ifPresent(this::clickOn);
            await("the rows are there", () -> visible("#data-table"));
        }
        push(KeyCode.CONTROL, KeyCode.R);
        await(
                "it is analyzed",
                () -> visible("#heatmap") && words("#task-message").startsWith("Nothing"));
        hideNotices();
    }

    private static List<CachedModelCard> cached() {
        return List.of(
                card("BAAI/bge-small-en-v1.5", List.of("main"), 133_466_304L, "2026-02-20T10:00:00Z", null),
                card("microsoft/deberta-v3-base", List.of("main"), 369_000_000L, "2026-02-18T10:00:00Z", null),
                card("meta-llama/Llama-2-7b-hf", List.of("main"), 13_476_900_000L, "2026-01-12T10:00:00Z", null),
                card("meta-llama/Llama-2-7b-hf", List.of(), 13_476_900_000L, "2025-11-02T10:00:00Z", null),
                card("google/gemma-2-2b", List.of("main", "refs/pr/12"), 5_230_000_000L, "2025-12-24T10:00:00Z", null),
                card(
                        "karpathy/stories260K",
                        List.of("main"),
                        1_040_000L,
                        "2025-10-01T10:00:00Z",
                        "It has no weights as safetensors, only stories260K.bin; choose a model with model.safetensors."));
    }

    private static CachedModelCard card(
            String name, List<String> revisions, long bytes, String used, @Nullable String problem) {
        return new CachedModelCard(
                name,
                revisions,
                "08751db2aca9bf2f7f80d2e516117a53d7450235",
                Path.of("/home/reader/.cache/huggingface/hub").resolve(name),
                bytes,
                Instant.parse(used),
                Optional.ofNullable(problem));
    }
}
