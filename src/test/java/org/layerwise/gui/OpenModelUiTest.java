package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.control.TreeTableView;
import javafx.scene.image.ImageView;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.layerwise.gui.engine.Engine;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.Loading;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.model.CachedModelCard;
import org.testfx.util.WaitForAsyncUtils;

/** Opens models in each of the three ways, and looks at what they are made of. */
class OpenModelUiTest extends WindowTest {

    private final InventedEngine engine = new InventedEngine(15);

    @Override
    protected Engine engine() {
        return engine;
    }

    @BeforeEach
    void choose() {
        clickOn("#welcome-open");
    }

    @Test
    void aFolderIsChosenWithItsPrecisionAndListedAsRecent() throws Exception {
        choose("#open-type", ComputeType.BF16);
        choose("#open-loading", Loading.LAYERS);
        files.choose(folder);
        clickOn("#choose-folder");
        await("it is open", () -> words("#model-name").equals(String.valueOf(folder.getFileName())));
        assertThat(engine.opened())
                .containsExactly(new ModelSettings(folder.toString(), "auto", ComputeType.BF16, Loading.LAYERS));
        assertThat(words("#model-by-layers")).startsWith("Used a layer at a time");
        assertThat(visible("#selection-untrainable")).isTrue();
        assertThat(lookup("#go-train").queryButton().isDisabled())
                .as("a cluster may train it")
                .isFalse();
        push(KeyCode.CONTROL, KeyCode.M);
        doubleClickOn(lookup("#recent .list-cell")
                .match((Node cell) -> cell.getAccessibleText() != null)
                .<Node>query());
        await("it is opened again", () -> engine.opened().size() == 2);
    }

    @Test
    void modelsOnThisMachineAreOpenedByADoubleClickAndBrokenOnesSayWhy() {
        clickOn("#way-cache");
        await("it is said that there are none", () -> visible("#cache-fetch"));
        engine.cache(List.of(
                card("meta-llama/Llama-2-7b-hf", List.of("main"), Optional.empty()),
                card("org/broken", List.of(), Optional.of("It has no weights as safetensors; download it again."))));
        clickOn("#cache-refresh-empty");
        await(
                "they are listed",
                () -> lookup("#cached").<TableView<?>>query().getItems().size() == 2);
        clickOn(row("org/broken"));
        await("the reason is said", () -> words("#cache-problem").startsWith("It has no weights"));
        assertThat(lookup("#cache-open").queryButton().isDisabled()).isTrue();
        doubleClickOn(row("meta-llama/Llama-2-7b-hf"));
        await("it is open", () -> words("#model-layers").startsWith("32 × 4096"));
        assertThat(engine.opened())
                .extracting(ModelSettings::model)
                .containsExactly("meta-llama/Llama-2-7b-hf@08751db2aca9");
    }

    @Test
    void aModelOfTheHubIsCheckedFetchedHeldUpAndOpened() {
        clickOn("#way-hub");
        clickOn("#hub-name").write("org/gated").push(KeyCode.ENTER);
        await("the reason is said", () -> words("#hub-problem").startsWith("org/gated is given only"));
        assertThat(visible(".dialog-pane")).isFalse();
        assertThat(visible("#hub-retry")).isTrue();

        doubleClickOn("#hub-name").push(KeyCode.CONTROL, KeyCode.A).write("org/llama");
        assertThat(visible("#hub-problem")).as("said of another name").isFalse();
        clickOn("#hub-check");
        await("its size is known", () -> words("#hub-answer").startsWith("9 files, 13"));
        clickOn("#hub-download");
        await("it comes", () -> visible("#pause-task") && words("#task-message").contains("a second"));
        clickOn("#pause-task");
        await("it is held up", () -> words("#pause-task").equals("Resume"));
        WaitForAsyncUtils.waitForFxEvents();
        sleep(150);
        String held = words("#task-message");
        sleep(200);
        assertThat(words("#task-message")).isEqualTo(held);
        clickOn("#pause-task");
        await("it is open", () -> words("#model-name").equals("llama"));
        assertThat(visible("#pause-task")).isFalse();
    }

    @Test
    void aDownloadIsCancelledAndGoesOn() {
        clickOn("#way-hub");
        clickOn("#hub-name").write("org/llama").push(KeyCode.ENTER);
        await("its size is known", () -> visible("#hub-download"));
        clickOn("#hub-download");
        await(
                "it comes",
                () -> visible("#cancel-task") && words("#task-message").contains("a second"));
        clickOn("#cancel-task");
        await("it is stopped", () -> words("#hub-answer").startsWith("The download was stopped"));
        clickOn("#hub-download");
        await("it is open", () -> words("#model-name").equals("llama"));
    }

    @Test
    void theArchitectureIsSearchedAndCopied() throws Exception {
        files.choose(Path.of("/models/llama"));
        clickOn("#choose-folder");
        await("it is open", () -> words("#model-name").equals("llama"));
        TreeTableView<?> table = lookup("#architecture").query();
        assertThat(table.getRoot().getChildren()).hasSize(34);
        assertThat(table.getExpandedItemCount()).as("rows while closed").isEqualTo(34);
        clickOn("#architecture-search").write("q_proj");
        await("it is found", () -> words("#architecture-total").startsWith("32 tensors"));
        assertThat(table.getExpandedItemCount()).as("rows of what was found").isEqualTo(64);
        clickOn("#architecture-copy");
        String copied = WaitForAsyncUtils.waitForAsyncFx(
                2000, () -> Clipboard.getSystemClipboard().getString());
        assertThat(copied.lines()).hasSize(33).contains("31\tself_attn.q_proj.weight\t4096 × 4096\tBF16\t16777216");
    }

    @Test
    void imagesAreForModelsThatSeeAndShownSmall() {
        files.choose(Path.of("/models/bert"));
        clickOn("#choose-folder");
        await("it is open", () -> words("#model-name").equals("bert"));
        clickOn("#tab-data");
        files.choose(Path.of("/data/table.csv"));
        clickOn("#data-open");
        await("the rows are there", () -> visible("#data-table"));
        ComboBox<String> image = lookup("#column-image").query();
        assertThat(image.isDisabled()).as("for a model that reads text only").isTrue();
        push(KeyCode.CONTROL, KeyCode.M);
        files.choose(Path.of("/models/llava"));
        clickOn("#choose-folder");
        await("it is open", () -> words("#model-name").equals("llava"));
        clickOn("#tab-data");
        interact(() -> image.setValue("id"));
        clickOn("#data-apply");
        await("the pictures are there", () -> lookup("#data-table .image-view").queryAllAs(ImageView.class).stream()
                .anyMatch(shown -> shown.getImage() != null));
        assertThat(lookup("#data-table .table-cell")
                        .match((Node cell) ->
                                cell instanceof TableCell<?, ?> text && "picture-000.png".equals(text.getText()))
                        .tryQuery())
                .isPresent();
    }

    private <T> void choose(String choice, T value) {
        ChoiceBox<T> box = lookup(choice).query();
        interact(() -> box.setValue(value));
    }

    private Node row(String model) {
        return lookup("#cached .table-row-cell")
                .match((Node node) -> node instanceof TableRow<?> row
                        && row.getItem() instanceof CachedModelCard card
                        && card.id().equals(model))
                .query();
    }

    private static CachedModelCard card(String name, List<String> revisions, Optional<String> problem) {
        return new CachedModelCard(
                name,
                revisions,
                "08751db2aca9",
                Path.of("/home/reader/.cache/huggingface/hub").resolve(name),
                13_476_900_000L,
                Instant.parse("2026-02-03T10:00:00Z"),
                problem);
    }
}
