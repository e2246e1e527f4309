package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import javafx.scene.Node;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Labeled;
import javafx.scene.control.ListView;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;
import org.layerwise.gui.engine.Engine;
import org.layerwise.remote.Cluster;
import org.layerwise.settings.Loading;
import org.testfx.util.WaitForAsyncUtils;

/** From a cluster that is set up in the window to a run that was trained on it; photographed. */
class ClustersUiTest extends WindowTest {

    private final InventedEngine engine = new InventedEngine(20);
    private final Pictures pictures = new Pictures(this);

    @Override
    protected Engine engine() {
        return engine;
    }

    @Test
    void aClusterIsSetUpAndChecked() throws Exception {
        clickOn("#menu-training");
        clickOn("#menu-clusters");
        await("the form is there", () -> visible("#cluster-name"));
        assertThat(words("#cluster-mistake")).isEqualTo("Give it a name.");
        pictures.both("120-clusters-empty");
        type("#cluster-name", "lab");
        type("#cluster-dashboard", "http://head:8265");
        type("#cluster-storage", "/mnt/lab/me");
        files.choose(Path.of("/mnt/lab/me"));
        clickOn("#cluster-choose-storage-here");
        await("nothing is missing", () -> !visible("#cluster-mistake"));
        clickOn("#cluster-save");
        await("it is kept", () -> engine.clusters().places().size() == 1);
        clickOn("#cluster-check");
        await("it is checked", () -> words("#cluster-message").startsWith("Jobs cannot run there yet"));
        pictures.both("121-cluster-checked");

        clickOn("#cluster-add");
        clickOn("#cluster-kind-slurm");
        await("the fields of a queue are there", () -> visible("#cluster-partition"));
        type("#cluster-name", InventedClusters.STRANGER);
        type("#cluster-host", "me@login");
        type("#cluster-storage", "/scratch/me/layerwise");
        type("#cluster-partition", "gpu");
        clickOn("#cluster-setup");
        write("module load cuda");
        clickOn("#cluster-check");
        await("the key is asked about", () -> lookup(".dialog-pane").tryQuery().isPresent());
        pictures.both("122-cluster-key");
        clickOn("Do not connect");
        await("it is said", () -> words("#cluster-message").startsWith("Jobs cannot run there yet"));
        clickOn("#cluster-save");
        await("both are kept", () -> engine.clusters().places().size() == 2);
        pictures.both("123-cluster-slurm");
        ListView<Cluster> list = lookup("#cluster-list").query();
        interact(() -> list.getSelectionModel().select(0));
        await(
                "it is shown",
                () -> ((TextField) lookup("#cluster-name").query()).getText().equals("lab"));
        push(KeyCode.ESCAPE);
        await("it is closed", () -> !visible("#cluster-name"));
    }

    @Test
    void aRunIsTrainedOnACluster() throws Exception {
        engine.clusters().keep(InventedClusters.ray("lab"), null);
        engine.clusters().keep(InventedClusters.slurm("queue"), null);
        openTheSample();
        readClusters();
        clickOn("#tab-training");
        ChoiceBox<String> on = lookup("#training-on").query();
        await("there are three places", () -> on.getItems().size() == 3);
        interact(() -> on.setValue("lab"));
        await(
                "the button says so",
                () -> ((Labeled) lookup("#train").query()).getText().equals("T_rain on lab"));
        await("the workers are there", () -> visible("#training-workers"));
        engine.pace(150);
        type("#training-model-there", "./models");
        await("it is no place", () -> words("#training-mistake").startsWith("\"./models\" is no place of a model"));
        type("#training-model-there", "/data/models/bge-small-en-v1.5");
        await("it is one", () -> !visible("#training-mistake"));
        pictures.both("124-run-on");
        clickOn("#train");
        await("it waits there", () -> words("#run-state").startsWith("waiting on lab"));
        pictures.both("125-run-waiting");
        await("it runs there", () -> words("#run-state").startsWith("running on lab"));
        await("who works is known", () -> words("#run-workers").contains("node2 (NVIDIA H100)"));
        await("there are some steps", () -> words("#run-state").matches(".*step \\d+ of 64"));
        assertThat(visible("#run-pause")).isFalse();
        pictures.both("126-run-there");
        clickOn("#run-page-output");
        await(
                "its output is there",
                () -> ((TextArea) lookup("#run-output").query()).getText().contains("METRIC"));
        pictures.both("127-run-output");
        engine.pace(5);
        await("it is done", () -> words("#run-state").startsWith("finished on lab"));
        await("nothing runs", () -> words("#task-message").startsWith("Nothing"));
    }

    @Test
    void aKeyFileIsOpenedByItsPassphrase() throws Exception {
        engine.clusters().keep(InventedClusters.slurm(InventedClusters.LOCKED), null);
        clickOn("#menu-training");
        clickOn("#menu-clusters");
        await("the form is there", () -> visible("#cluster-name"));
        ListView<Cluster> list = lookup("#cluster-list").query();
        interact(() -> list.getSelectionModel().select(0));
        clickOn("#cluster-check");
        await("it is asked for", () -> lookup("#passphrase").tryQuery().isPresent());
        pictures.both("132-passphrase");
        clickOn("#passphrase");
        write("secret");
        push(KeyCode.ENTER);
        await("the way was open", () -> words("#cluster-message").startsWith("Jobs cannot run there yet"));
        clickOn("#cluster-check");
        await("it is checked again", () -> words("#cluster-message").startsWith("Jobs cannot run there yet"));
        assertThat(lookup("#passphrase").tryQuery()).as("remembered").isEmpty();
    }

    @Test
    void aRunWhoseClusterCannotBeReachedIsFollowedAgainLater() throws Exception {
        engine.clusters().keep(InventedClusters.ray("lab"), null);
        openTheSample();
        readClusters();
        clickOn("#tab-training");
        ChoiceBox<String> on = lookup("#training-on").query();
        interact(() -> on.setValue("lab"));
        engine.pace(100);
        clickOn("#train");
        await("it waits there", () -> words("#run-state").startsWith("waiting on lab"));
        engine.clusters().unreachable(true);
        await("it can be followed again", () -> visible("#run-follow"));
        closeNotices();
        pictures.both("133-run-follow");
        engine.clusters().unreachable(false);
        engine.pace(5);
        clickOn("#run-follow");
        await("it is done", () -> words("#run-state").startsWith("finished on lab"));
    }

    @Test
    void anAnalysisIsComputedOnAClusterAndCancelledThere() throws Exception {
        engine.clusters().keep(InventedClusters.ray("lab"), null);
        openTheSample();
        readClusters();
        clickOn("#tab-analysis");
        clickOn("#measures");
        await("measures can be chosen", () -> visible("#measure-panel"));
        ChoiceBox<String> on = lookup("#analysis-on").query();
        interact(() -> on.setValue("lab"));
        await("the workers are there", () -> visible("#analysis-workers"));
        closeNotices();
        interact(() -> scroll(on).setVvalue(1));
        pictures.both("128-analysis-where");
        clickOn("#measures");
        engine.pace(300);
        clickOn("#analyze");
        await("it is followed", () -> words("#task-message").contains("rows of the first worker"));
        pictures.both("129-analysis-there");
        clickOn("#cancel-task");
        await("it is ended there", () -> engine.clusters().ended().size() == 1);
        engine.pace(5);
        await("nothing runs", () -> words("#task-message").startsWith("Nothing"));
        clickOn("#analyze");
        await("it is shown", () -> visible("#heatmap"));
        assertThat(engine.clusters().ended()).hasSize(1);
    }

    @Test
    void aModelWithoutItsWeightsIsForClusters() throws Exception {
        engine.clusters().keep(InventedClusters.ray("lab"), null);
        openTheSample();
        clickOn("#tab-model");
        ChoiceBox<Loading> loading = lookup("#loading").query();
        interact(() -> loading.setValue(Loading.NONE));
        clickOn("#reload");
        await("it says what it is good for", () -> words("#model-by-layers").startsWith("Only its configuration"));
        closeNotices();
        pictures.both("130-model-without-weights");
        clickOn("#tab-training");
        await("it cannot be trained here", () -> words("#training-mistake")
                .startsWith("Nothing of this model is loaded"));
        pictures.both("131-training-without-weights");
        readClusters();
        ChoiceBox<String> on = lookup("#training-on").query();
        interact(() -> on.setValue("lab"));
        await("but on a cluster", () -> !visible("#training-mistake"));
    }

    @Test
    void aWindowThatClosesAsksNothingOfARunThatIsFollowed() throws Exception {
        engine.pace(60);
        engine.clusters().keep(InventedClusters.ray("lab"), null);
        openTheSample();
        readClusters();
        clickOn("#tab-training");
        ChoiceBox<String> on = lookup("#training-on").query();
        await("there are two places", () -> on.getItems().size() == 2);
        interact(() -> on.setValue("lab"));
        clickOn("#train");
        await("it runs there", () -> words("#run-state").startsWith("running on lab"));
        push(KeyCode.CONTROL, KeyCode.Q);
        // what becomes of the study is asked, but nothing of work that would be lost
        await("the study is asked about", () -> visible("Do not save"));
        clickOn("Do not save");
        await("it has closed", () -> !stage.isShowing());
        WaitForAsyncUtils.waitForAsyncFx(10_000, () -> windows.close());
        assertThat(engine.clusters().asked()).isEmpty();
        assertThat(Files.readString(folder.resolve("window-ClustersUiTest.json")))
                .contains("definitions-6of12");
    }

    /** The window hears of clusters that were kept behind its back when they are looked at. */
    private void readClusters() {
        clickOn("#menu-training");
        clickOn("#menu-clusters");
        await("they are read", () -> visible("#cluster-name"));
        push(KeyCode.ESCAPE);
    }

    private static ScrollPane scroll(Node inside) {
        Node around = inside;
        while (!(around instanceof ScrollPane)) {
            around = around.getParent();
        }
        return (ScrollPane) around;
    }

    private void type(String field, String words) {
        clickOn(field);
        interact(() -> ((TextField) lookup(field).query()).clear());
        write(words);
    }
}
