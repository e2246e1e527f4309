package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.Loading;
import org.layerwise.study.model.CachedModelCard;
import org.layerwise.testing.FakeHub;
import org.layerwise.testing.FakeRepo;
import org.testfx.util.WaitForAsyncUtils;

/** Opens models in each of the three ways, and looks at what they are made of. */
class OpenModelUiTest extends WindowTest {

    private static final int UNHURRIED = 60;

    private final FakeHub hub = FakeHub.start();

    @Override
    protected TinyLab newLab() {
        return new TinyLab(home, hub);
    }

    @AfterEach
    void close() {
        hub.close();
    }

    private FakeRepo publish() {
        return hub.add(FakeRepo.of("org/llama", lab().folder("llama")));
    }

    @BeforeEach
    void choose() {
        clickOn("#welcome-open");
    }

    @Test
    void aFolderIsChosenWithItsPrecisionAndListedAsRecent() throws Exception {
        choose("#open-type", ComputeType.BF16);
        choose("#open-loading", Loading.LAYERS);
        Path bert = lab().folder("bert");
        files.choose(bert);
        clickOn("#choose-folder");
        await("it is open", () -> words("#model-name").equals("bert"));
        assertThat(words("#model-folder")).isEqualTo(bert.toString());
        assertThat(words("#model-computed")).isEqualTo("bfloat16");
        assertThat(words("#model-device")).isEqualTo("CPU");
        assertThat(words("#model-by-layers")).startsWith("Used a layer at a time");
        assertThat(visible("#selection-untrainable")).isFalse();
        assertThat(lookup("#go-train").queryButton().isDisabled()).isFalse();
        push(KeyCode.CONTROL, KeyCode.M);
        await("it is chosen again", () -> visible("#open-pane") && !visible("#model-name"));
        choose("#open-type", ComputeType.F32);
        doubleClickOn(lookup("#recent .list-cell")
                .match((Node cell) -> cell.getAccessibleText() != null)
                .<Node>query());
        await(
                "it is opened again",
                () -> visible("#model-name") && words("#model-computed").equals("float32"));
    }

    @Test
    void modelsOnThisMachineAreOpenedByADoubleClickAndBrokenOnesSayWhy() throws IOException {
        clickOn("#way-cache");
        await("it is said that there are none", () -> visible("#cache-fetch"));
        FakeRepo llama = publish();
        lab().workbench().download("org/llama", new PauseSwitch(), Progress.none());
        breakOne();
        clickOn("#cache-refresh-empty");
        await(
                "they are listed",
                () -> lookup("#cached").<TableView<?>>query().getItems().size() == 2);
        clickOn(row("org/broken"));
        await("the reason is said", () -> words("#cache-problem")
                .equals("It has no safetensors weights, only pytorch_model.bin."));
        assertThat(lookup("#cache-open").queryButton().isDisabled()).isTrue();
        doubleClickOn(row("org/llama"));
        await("it is open", () -> words("#model-layers").startsWith("32 × 8"));
        assertThat(words("#model-folder")).endsWith("snapshots/" + llama.commit());
    }

    /** Leaves a model in the cache that has no weights as safetensors. */
    private void breakOne() throws IOException {
        Path snapshot = home.resolve("huggingface/hub/models--org--broken/snapshots/" + "0".repeat(40));
        Files.createDirectories(snapshot);
        Files.copy(lab().folder("llama").resolve("config.json"), snapshot.resolve("config.json"));
        Files.writeString(snapshot.resolve("pytorch_model.bin"), "weights");
    }

    @Test
    void aModelOfTheHubIsCheckedFetchedHeldUpAndOpened() {
        clickOn("#way-hub");
        publish();
        hub.add(FakeRepo.of("org/gated", lab().folder("llama")).gated());
        hub.requireToken("of somebody else");
        clickOn("#hub-name").write("org/gated").push(KeyCode.ENTER);
        await("the reason is said", () -> words("#hub-problem").startsWith("org/gated is given only"));
        assertThat(visible(".dialog-pane")).isFalse();
        assertThat(visible("#hub-retry")).isTrue();

        doubleClickOn("#hub-name").push(KeyCode.CONTROL, KeyCode.A).write("org/llama");
        assertThat(visible("#hub-problem")).as("said of another name").isFalse();
        hub.requireNoToken();
        hub.pace(UNHURRIED);
        clickOn("#hub-check");
        await("its size is known", () -> words("#hub-answer").startsWith("4 files, "));
        clickOn("#hub-download");
        await("it comes", () -> visible("#pause-task") && words("#task-message").contains("a second"));
        clickOn("#pause-task");
        await("it is held up", () -> words("#pause-task").equals("Resume"));
        WaitForAsyncUtils.waitForFxEvents();
        sleep(150);
        String held = words("#task-message");
        sleep(200);
        assertThat(words("#task-message")).isEqualTo(held);
        hub.pace(0);
        clickOn("#pause-task");
        await("it is open", () -> words("#model-name").equals("llama"));
        assertThat(visible("#pause-task")).isFalse();
    }

    @Test
    void aDownloadIsCancelledAndGoesOn() {
        clickOn("#way-hub");
        publish();
        hub.pace(UNHURRIED);
        clickOn("#hub-name").write("org/llama").push(KeyCode.ENTER);
        await("its size is known", () -> visible("#hub-download"));
        clickOn("#hub-download");
        await(
                "it comes",
                () -> visible("#cancel-task") && words("#task-message").contains("a second"));
        clickOn("#cancel-task");
        await("it is stopped", () -> words("#hub-answer").startsWith("The download was stopped"));
        hub.pace(0);
        clickOn("#hub-download");
        await("it is open", () -> words("#model-name").equals("llama"));
    }

    @Test
    void theArchitectureIsSearchedAndCopied() throws Exception {
        files.choose(lab().folder("llama"));
        clickOn("#choose-folder");
        await("it is open", () -> words("#model-name").equals("llama"));
        TreeTableView<?> table = lookup("#architecture").query();
        assertThat(table.getRoot().getChildren()).hasSize(34);
        assertThat(table.getExpandedItemCount()).as("rows while closed").isEqualTo(34);
        clickOn("#architecture-search").write("q_proj");
        await("it is found", () -> words("#architecture-total").startsWith("32 tensors"));
        assertThat(table.getExpandedItemCount()).as("rows of what was found").isEqualTo(64);
        clickOn("#architecture-copy");
        String copied = onFx(() -> Clipboard.getSystemClipboard().getString());
        assertThat(copied.lines()).hasSize(33).contains("31\tself_attn.q_proj.weight\t8 × 8\tBF16\t64");
    }

    @Test
    void imagesAreForModelsThatSeeAndShownSmall() {
        files.choose(lab().folder("bert"));
        clickOn("#choose-folder");
        await("it is open", () -> words("#model-name").equals("bert"));
        clickOn("#tab-data");
        files.choose(lab().pictures("table.csv", 32));
        clickOn("#data-open");
        await("the rows are there", () -> visible("#data-table"));
        ComboBox<String> image = lookup("#column-image").query();
        assertThat(image.isDisabled()).as("for a model that reads text only").isTrue();
        push(KeyCode.CONTROL, KeyCode.M);
        files.choose(lab().folder("llava"));
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
}
