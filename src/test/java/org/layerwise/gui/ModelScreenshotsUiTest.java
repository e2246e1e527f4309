package org.layerwise.gui;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.TreeTableView;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.model.quantization.WeightQuantization;
import org.layerwise.settings.Loading;
import org.layerwise.testing.FakeHub;
import org.layerwise.testing.FakeRepo;
import org.layerwise.testing.Golden;
import org.layerwise.testing.TinyModels;

/** Photographs how models are opened and how large ones look: pictures to look at, in target/screenshots. */
class ModelScreenshotsUiTest extends WindowTest {

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

    @Test
    void aQuantisedModel() throws Exception {
        Pictures pictures = new Pictures(this);
        clickOn("#welcome-open");
        files.choose(Golden.folder("quantised/bnb_nf4_double"));
        clickOn("#choose-folder");
        await("it is open", () -> visible("#model-name"));
        pictures.both("29-model-quantised");
    }

    @Test
    void openingAndLookingAtModels() throws Exception {
        Pictures pictures = new Pictures(this);
        clickOn("#welcome-open");
        pictures.both("20-open-folder-first");
        files.choose(lab().folder("bge-small-en-v1.5"));
        clickOn("#choose-folder");
        await("it is open", () -> visible("#model-name"));
        pictures.both("21-model-encoder");
        push(KeyCode.CONTROL, KeyCode.M);
        pictures.both("22-open-folder");
        clickOn("#recent .list-cell");
        quantization(WeightQuantization.NF4);
        await("its memory is said", () -> visible("#open-memory"));
        pictures.both("22-open-folder-quantised");
        quantization(WeightQuantization.NONE);
        clickOn("#way-cache");
        await("it is said that there are none", () -> visible("#cache-fetch"));
        pictures.both("23-open-cache-empty");
        fillTheCache();
        clickOn("#cache-refresh-empty");
        await("they are listed", () -> visible("#cache-open"));
        pictures.both("24-open-cache");
        clickOn("karpathy/stories260K");
        pictures.both("24-open-cache-broken");

        hub.add(FakeRepo.of("meta-llama/gated-8b", lab().folder("llama")).gated());
        hub.add(FakeRepo.of("huggyllama/llama-7b", lab().folder("llama-7b")));
        hub.requireToken("of somebody else");
        clickOn("#way-hub");
        pictures.both("25-open-hub");
        clickOn("#hub-name").write("meta-llama/gated-8b").push(KeyCode.ENTER);
        await("the reason is said", () -> visible("#hub-problem"));
        pictures.both("26-open-hub-error");
        doubleClickOn("#hub-name").push(KeyCode.CONTROL, KeyCode.A).write("huggyllama/llama-7b");
        hub.requireNoToken();
        hub.pace(UNHURRIED);
        clickOn("#hub-check");
        await("its size is known", () -> visible("#hub-download"));
        pictures.both("27-open-hub-found");
        clickOn("#hub-download");
        await("a third is there", () -> words("#task-message").matches(".*, ([5-9]\\d\\d KiB|1\\.\\d MiB) of.*"));
        clickOn("#pause-task");
        pictures.both("28-open-hub-fetching");
        clickOn("#cancel-task");
        await("it is stopped", () -> words("#hub-answer").startsWith("The download was stopped"));
        pictures.both("28-open-hub-stopped");
        hub.pace(0);
        ChoiceBox<Loading> choice = lookup("#open-loading").query();
        interact(() -> choice.setValue(Loading.LAYERS));
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

        interact(() -> loading.setValue(Loading.AUTO));
        files.choose(TinyModels.deeper(home.resolve("Llama-2-70b-hf"), TinyModels.shared("decoder"), 80));
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
        files.choose(lab().folder("llava-1.5-7b-hf"));
        push(KeyCode.CONTROL, KeyCode.M);
        clickOn("#choose-folder");
        await("it is open", () -> words("#model-name").equals("llava-1.5-7b-hf"));
        clickOn("#tab-data");
        files.choose(lab().pictures("pictures.csv", 64));
        push(KeyCode.CONTROL, KeyCode.D);
        await("the rows of pictures are there", () -> words("#data-name").equals("pictures"));
        ComboBox<String> image = lookup("#column-image").query();
        interact(() -> image.setValue("id"));
        clickOn("#data-apply");
        await("the rows are there", () -> words("#task-message").startsWith("Nothing"));
        pictures.both("36-data-images");
    }

    private void quantization(WeightQuantization value) {
        ChoiceBox<WeightQuantization> quantization =
                lookup("#open-quantization").query();
        interact(() -> quantization.setValue(value));
    }

    private void analyze() {
        if (!visible("#data-table")) {
            clickOn("#tab-data");
            files.choose(lab().table("table.csv", 64));
            lookup("#data-open").tryQuery().ifPresent(this::clickOn);
            await("the rows are there", () -> visible("#data-table"));
        }
        push(KeyCode.CONTROL, KeyCode.R);
        await(
                "it is analyzed",
                () -> visible("#heatmap") && words("#task-message").startsWith("Nothing"));
        hideNotices();
    }

    /** Fills the cache with models, among them two that nothing can be done with. */
    private void fillTheCache() throws IOException {
        for (String id : List.of("BAAI/bge-small-en-v1.5", "microsoft/deberta-v3-base", "org/llama-7b")) {
            hub.add(FakeRepo.of(id, lab().folder(id)));
            lab().workbench().download(id, new PauseSwitch(), Progress.none());
        }
        Path broken = cached("karpathy--stories260K");
        Files.copy(lab().folder("llama").resolve("config.json"), broken.resolve("config.json"));
        Files.writeString(broken.resolve("stories260K.bin"), "weights");
        cached("google--gemma-2-2b");
    }

    private Path cached(String name) throws IOException {
        return Files.createDirectories(
                home.resolve("huggingface/hub/models--" + name + "/snapshots/" + "0".repeat(40)));
    }
}
