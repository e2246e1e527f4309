package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Optional;
import java.util.stream.Stream;
import javafx.scene.Node;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Labeled;
import javafx.scene.control.ListView;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.layerwise.remote.Cluster;
import org.layerwise.remote.ClusterRegistry;
import org.layerwise.remote.ssh.SshAccess;
import org.layerwise.remote.ssh.SshAddress;
import org.layerwise.remote.ssh.SshHost;
import org.layerwise.settings.Loading;

/** From a cluster that is set up in the window to a run that was trained on it; photographed. */
class ClustersUiTest extends WindowTest {

    private static final int UNHURRIED = 250;

    /** Place of the sample model on the cluster, which has no copy of its own. */
    private static final String THERE = "/data/models/bge-small-en-v1.5";

    private final Pictures pictures = new Pictures(this);
    private PlayedCluster cluster;

    @BeforeEach
    void play() {
        cluster = new PlayedCluster(lab().workbench(), home);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private ClusterRegistry registry() {
        return new ClusterRegistry(config());
    }

    private Path config() {
        return lab().workbench().folders().config();
    }

    @Test
    void aClusterIsSetUpAndChecked() throws Exception {
        clickOn("#menu-training");
        clickOn("#menu-clusters");
        await("the form is there", () -> visible("#cluster-name"));
        assertThat(words("#cluster-mistake")).isEqualTo("Give it a name.");
        pictures.both("120-clusters-empty");
        type("#cluster-name", "lab");
        Cluster.Ray ray = cluster.target("lab");
        type("#cluster-dashboard", ray.dashboard().toString());
        type("#cluster-storage", ray.storage().there());
        files.choose(ray.storage().here().orElseThrow());
        clickOn("#cluster-choose-storage-here");
        await("nothing is missing", () -> !visible("#cluster-mistake"));
        clickOn("#cluster-save");
        await("it is kept", () -> registry().all().size() == 1);
        clickOn("#cluster-check");
        await("it is checked", () -> words("#cluster-message").startsWith("Jobs cannot run there yet"));
        pictures.both("121-cluster-checked");

        try (SshHost stranger = new SshHost(SshHost.key("ssh-ed25519"))) {
            clickOn("#cluster-add");
            clickOn("#cluster-kind-slurm");
            await("the fields of a queue are there", () -> visible("#cluster-partition"));
            type("#cluster-name", "stranger");
            type("#cluster-host", "ada@127.0.0.1:" + stranger.port());
            type("#cluster-storage", "/scratch/me/layerwise");
            type("#cluster-partition", "gpu");
            clickOn("#cluster-setup");
            write("module load cuda");
            clickOn("#cluster-check");
            await(
                    "the key is asked about",
                    () -> lookup(".dialog-pane").tryQuery().isPresent());
            pictures.both("122-cluster-key");
            clickOn("Do not connect");
            await("it is said", () -> words("#cluster-message").startsWith("Jobs cannot run there yet"));
        }
        clickOn("#cluster-save");
        await("both are kept", () -> registry().all().size() == 2);
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
        cluster.register();
        registry().add(SampleClusters.slurm("queue"), false);
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
        cluster.hold(true);
        cluster.pace(UNHURRIED);
        type("#training-model-there", "./models");
        await("it is no place", () -> words("#training-mistake").startsWith("\"./models\" is no place of a model"));
        type("#training-model-there", THERE);
        await("it is one", () -> !visible("#training-mistake"));
        pictures.both("124-run-on");
        clickOn("#train");
        await("it waits there", () -> words("#run-state").startsWith("waiting on lab"));
        pictures.both("125-run-waiting");
        cluster.hold(false);
        await("it runs there", () -> words("#run-state").startsWith("running on lab"));
        await("who works is known", () -> words("#run-workers").contains("node2 (NVIDIA H100)"));
        await("there are some steps", () -> words("#run-state").matches(".*step \\d+ of 32"));
        assertThat(visible("#run-pause")).isFalse();
        pictures.both("126-run-there");
        clickOn("#run-page-output");
        await(
                "its output is there",
                () -> ((TextArea) lookup("#run-output").query()).getText().contains("METRIC"));
        pictures.both("127-run-output");
        cluster.pace(0);
        await("it is done", () -> words("#run-state").startsWith("finished on lab"));
        await("nothing runs", () -> words("#task-message").startsWith("Nothing"));
    }

    @Test
    void aKeyFileIsOpenedByItsPassphrase() throws Exception {
        KeyPair hostKey = SshHost.key("ssh-ed25519");
        KeyPair userKey = SshHost.key("ssh-ed25519");
        Path file = SshHost.write(home.resolve("id_ed25519"), userKey, "secret");
        try (SshHost host = new SshHost(hostKey)) {
            host.allow(userKey);
            host.introduce(hostKey, config().resolve("known_hosts"));
            SshAddress address = SshAddress.of("host", "ada@127.0.0.1:" + host.port());
            Cluster.Slurm like = SampleClusters.slurm("locked");
            registry()
                    .add(
                            new Cluster.Slurm(
                                    like.name(),
                                    new SshAccess(address, Optional.of(file), Optional.empty()),
                                    like.storage(),
                                    like.python(),
                                    like.request()),
                            false);
            checkTwice();
        }
    }

    private void checkTwice() throws Exception {
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
        await("the way was open", () -> lookup("#cluster-findings .label").queryAllAs(Labeled.class).stream()
                .anyMatch(label -> label.getText().startsWith("connected to")));
        await("it is said", () -> words("#cluster-message").startsWith("Jobs cannot run there yet"));
        clickOn("#cluster-check");
        await("it is checked again", () -> words("#cluster-message").startsWith("Jobs cannot run there yet"));
        assertThat(lookup("#passphrase").tryQuery()).as("remembered").isEmpty();
    }

    @Test
    void aRunWhoseClusterCannotBeReachedIsFollowedAgainLater() throws Exception {
        cluster.register();
        openTheSample();
        readClusters();
        clickOn("#tab-training");
        ChoiceBox<String> on = lookup("#training-on").query();
        interact(() -> on.setValue("lab"));
        type("#training-model-there", THERE);
        cluster.silent(true);
        clickOn("#train");
        await("it can be followed again", () -> visible("#run-follow"));
        closeNotices();
        pictures.both("133-run-follow");
        cluster.silent(false);
        cluster.hold(true);
        clickOn("#run-follow");
        await("it waits there", () -> words("#run-state").startsWith("waiting on lab"));
        cluster.hold(false);
        await("it is done", () -> words("#run-state").startsWith("finished on lab"));
    }

    @Test
    void anAnalysisIsComputedOnAClusterAndCancelledThere() throws Exception {
        cluster.register();
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
        type("#analysis-model-there", THERE);
        pictures.both("128-analysis-where");
        clickOn("#measures");
        cluster.pace(UNHURRIED);
        clickOn("#analyze");
        await("it is followed", () -> words("#task-message").contains("rows of the first worker"));
        pictures.both("129-analysis-there");
        clickOn("#cancel-task");
        await("it is ended there", () -> cluster.killed().size() == 1);
        cluster.pace(0);
        await("nothing runs", () -> words("#task-message").startsWith("Nothing"));
        clickOn("#analyze");
        await(
                "it is shown",
                () -> visible("#heatmap") && words("#analysis-title").endsWith("analysis 2"));
        assertThat(cluster.killed()).hasSize(1);
    }

    @Test
    void aModelWithoutItsWeightsIsForClusters() throws Exception {
        cluster.register();
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
        cluster.pace(UNHURRIED);
        cluster.register();
        openTheSample();
        readClusters();
        clickOn("#tab-training");
        ChoiceBox<String> on = lookup("#training-on").query();
        await("there are two places", () -> on.getItems().size() == 2);
        interact(() -> on.setValue("lab"));
        type("#training-model-there", THERE);
        clickOn("#train");
        await("it runs there", () -> words("#run-state").startsWith("running on lab"));
        push(KeyCode.CONTROL, KeyCode.Q);
        // what becomes of the study is asked, but nothing of work that would be lost
        await("the study is asked about", () -> visible("Do not save"));
        clickOn("Do not save");
        await("it has closed", () -> !stage.isShowing());
        onFx(() -> windows.close());
        try (Stream<Path> all = Files.list(runs())) {
            assertThat(all).singleElement().matches(run -> !cluster.isAsked(run));
        }
        assertThat(cluster.killed()).isEmpty();
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
