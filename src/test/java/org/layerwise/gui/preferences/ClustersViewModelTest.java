package org.layerwise.gui.preferences;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.KeyPair;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.CheckResult;
import org.layerwise.gui.Desk;
import org.layerwise.gui.PlayedCluster;
import org.layerwise.gui.SampleClusters;
import org.layerwise.gui.TinyLab;
import org.layerwise.gui.preferences.ClusterForm.Kind;
import org.layerwise.gui.preferences.ClusterForm.Part;
import org.layerwise.gui.session.RunLocation;
import org.layerwise.remote.Cluster;
import org.layerwise.remote.ClusterRegistry;
import org.layerwise.remote.WorkerCount;
import org.layerwise.remote.ssh.SshHost;
import org.layerwise.settings.RemoteDestination;
import org.layerwise.settings.RemoteOptions;

class ClustersViewModelTest {

    private final Desk desk = new Desk();
    private ClusterRegistry kept;
    private ClustersViewModel clusters;
    private ClusterForm form;
    private PlayedCluster cluster;

    @TempDir
    Path home;

    @BeforeEach
    void open() {
        TinyLab lab = new TinyLab(home);
        kept = lab.clusters().registry();
        cluster = new PlayedCluster(lab.workbench(), home);
        clusters = new ClustersViewModel(lab.clusters(new ClusterQuestions(desk, desk)), desk, desk, desk);
        form = clusters.form();
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void aClusterComesBackFromTheFormAsItWas() {
        for (Cluster place : new Cluster[] {SampleClusters.ray("lab"), SampleClusters.slurm("queue")}) {
            form.fill(place);
            assertThat(form.target()).isEqualTo(place);
            assertThat(form.mistakeProperty().get()).isEmpty();
        }
    }

    @Test
    void whatIsMissingIsSaidOneAfterTheOther() {
        assertThat(form.mistakeProperty().get()).isEqualTo("Give it a name.");
        form.of(Part.NAME).set("lab");
        assertThat(form.mistakeProperty().get()).isEqualTo("Say where Ray’s dashboard is.");
        form.of(Part.DASHBOARD).set("head:8265");
        assertThat(form.mistakeProperty().get()).isEqualTo("Name a folder there that all workers see.");
        form.of(Part.STORAGE).set("/scratch");
        assertThat(form.mistakeProperty().get()).startsWith("Files must get there somehow");
        form.of(Part.HOST).set("me@head");
        assertThat(form.mistakeProperty().get()).isEmpty();
        form.kind().set(Kind.SLURM);
        form.of(Part.TIME).set("soon");
        assertThat(form.mistakeProperty().get()).contains("\"soon\" is no time limit");
        form.of(Part.TIME).set("");
        form.of(Part.KEY).set("/no/such/key");
        assertThat(form.mistakeProperty().get())
                .isEqualTo("There is no key file /no/such/key: choose another, or leave it empty.");
        form.of(Part.KEY).set("");
        form.of(Part.HOST).set("");
        assertThat(form.mistakeProperty().get()).isEqualTo("Name the computer on which Slurm jobs are handed in.");
    }

    @Test
    void clustersAreAddedRenamedAndForgotten() {
        form.fill(SampleClusters.ray("lab"));
        clusters.save();
        desk.work();
        assertThat(clusters.places()).containsExactly(SampleClusters.ray("lab"));
        assertThat(clusters.editedProperty().get()).isEqualTo(SampleClusters.ray("lab"));

        form.of(Part.NAME).set("head");
        clusters.save();
        desk.work();
        assertThat(clusters.places()).containsExactly(SampleClusters.ray("head"));

        clusters.add();
        assertThat(form.of(Part.NAME).get()).isEmpty();
        form.fill(SampleClusters.slurm("head"));
        clusters.save();
        desk.work();
        assertThat(clusters.problemProperty().get().sentence()).contains("choose another name");

        clusters.edit(SampleClusters.ray("head"));
        desk.agrees = false;
        clusters.remove();
        desk.work();
        assertThat(clusters.places()).hasSize(1);
        desk.agrees = true;
        clusters.remove();
        desk.work();
        assertThat(clusters.places()).isEmpty();
        assertThat(clusters.editedProperty().get()).isNull();
    }

    @Test
    void theFirstClusterIsShownAndChangesOfOtherProgramsAreTaken() {
        kept.add(SampleClusters.ray("lab"), false);
        clusters.refresh();
        desk.work();
        assertThat(form.of(Part.NAME).get()).isEqualTo("lab");
        kept.remove("lab");
        clusters.refresh();
        desk.work();
        assertThat(clusters.places()).isEmpty();
        assertThat(clusters.editedProperty().get()).isNull();
    }

    @Test
    void aCheckTellsEachStepAndWhatToDo() {
        form.fill(cluster.target("lab"));
        clusters.check();
        assertThat(clusters.checkingProperty().get()).isTrue();
        desk.work();
        assertThat(clusters.findings()).extracting(CheckResult::name).contains("Ray", "Nodes", "Python");
        assertThat(clusters.checkingProperty().get()).isFalse();
        assertThat(clusters.messageProperty().get()).startsWith("Jobs cannot run there yet");
        clusters.add();
        assertThat(clusters.findings()).isEmpty();
        assertThat(clusters.messageProperty().get()).isEmpty();
    }

    @Test
    void aComputerThatWasNeverSeenIsAskedAbout() throws Exception {
        KeyPair key = SshHost.key("ssh-ed25519");
        try (SshHost host = new SshHost(key)) {
            form.kind().set(Kind.SLURM);
            form.of(Part.NAME).set("queue");
            form.of(Part.HOST).set("ada@127.0.0.1:" + host.port());
            form.of(Part.STORAGE).set("/scratch");
            desk.agrees = false;
            clusters.check();
            desk.work();
            assertThat(desk.questions().get(0)).contains(KeyUtils.getFingerPrint(key.getPublic()));
            assertThat(clusters.findings()).singleElement().satisfies(finding -> {
                assertThat(finding.name()).isEqualTo("SSH");
                assertThat(finding.text()).contains("127.0.0.1");
            });
        }
    }

    @Test
    void aPassphraseIsAskedForOnceAndAgainWhenItWasWrong() {
        ClusterQuestions questions = new ClusterQuestions(desk, desk);
        desk.passphrase = "secret";
        var key = Path.of("/home/reader/.ssh/id_ed25519");
        assertThat(questions.passphrase(key, false)).containsExactly('s', 'e', 'c', 'r', 'e', 't');
        assertThat(questions.passphrase(key, false)).isNotNull();
        assertThat(desk.questions()).hasSize(1);
        desk.passphrase = null;
        assertThat(questions.passphrase(key, true)).isNull();
        assertThat(desk.questions()).hasSize(2);
    }

    @Test
    void workIsSentOnlyToWhatIsSetUp() {
        RunLocation runOn = new RunLocation(clusters.places());
        assertThat(runOn.destination()).isEmpty();
        kept.add(SampleClusters.ray("lab"), false);
        clusters.refresh();
        desk.work();
        runOn.placeProperty().set("lab");
        runOn.workersProperty().set(3);
        assertThat(runOn.ray().get()).isTrue();
        assertThat(runOn.destination().orElseThrow().how()).isEqualTo(RemoteOptions.by(new WorkerCount(3, false)));
        assertThat(runOn.mistakeProperty().get()).isEmpty();
        runOn.modelProperty().set(" models/llama ");
        assertThat(runOn.mistakeProperty().get()).isEmpty();
        assertThat(runOn.destination().orElseThrow().how().model()).isEqualTo("models/llama");
        runOn.modelProperty().set("./llama");
        assertThat(runOn.mistakeProperty().get()).startsWith("\"./llama\" is no place of a model on a cluster");
        assertThat(runOn.chosen().how().model())
                .as("the last that could be one")
                .isEqualTo("models/llama");
        RemoteDestination gone =
                new RemoteDestination("gone", new RemoteOptions(new WorkerCount(8, true), "/data/llama", true));
        runOn.choose(gone);
        assertThat(runOn.mistakeProperty().get()).startsWith("The cluster gone is no longer set up");
        assertThat(runOn.chosen()).isEqualTo(gone);
        runOn.choose(null);
        assertThat(runOn.chosen()).isNull();
        assertThat(runOn.workersProperty().get()).isEqualTo(1);
        runOn.placeProperty().set("lab");
        clusters.remove();
        desk.work();
        assertThat(runOn.mistakeProperty().get()).startsWith("The cluster lab is no longer set up");
    }
}
