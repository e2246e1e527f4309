package org.layerwise.gui.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.gui.Desk;
import org.layerwise.gui.TinyLab;
import org.layerwise.gui.model.HubViewModel.State;
import org.layerwise.gui.session.StudySession;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.Loading;
import org.layerwise.settings.ModelSettings;
import org.layerwise.testing.FakeHub;
import org.layerwise.testing.FakeRepo;

class HubViewModelTest {

    private final Desk desk = new Desk();
    private final StudySession session = new StudySession();
    private final FakeHub remote = FakeHub.start();
    private TinyLab lab;
    private FakeRepo llama;
    private ModelViewModel model;
    private HubViewModel hub;

    @TempDir
    Path home;

    @BeforeEach
    void open() {
        lab = new TinyLab(home, remote);
        llama = remote.add(FakeRepo.of("org/llama", lab.folder("llama")));
        model = new ModelViewModel(session, lab.workbench(), desk, desk, new RememberedFolders());
        hub = new HubViewModel(session, lab.workbench(), desk, desk, model);
    }

    @AfterEach
    void close() {
        remote.close();
    }

    @Test
    void aModelIsCheckedFetchedAndOpened() {
        hub.nameProperty().set(" org/llama ");
        hub.check();
        assertThat(hub.stateProperty().get()).isEqualTo(State.CHECKING);
        desk.work();
        assertThat(hub.stateProperty().get()).isEqualTo(State.FOUND);
        assertThat(hub.foundProperty().get().size().files()).isEqualTo(4);
        assertThat(hub.foundProperty().get().missing()).isEqualTo(llama.bytes());
        hub.download();
        assertThat(hub.stateProperty().get()).isEqualTo(State.FETCHING);
        desk.work();
        assertThat(session.modelProperty().get().card().name()).isEqualTo("llama");
        assertThat(model.openedWith().model()).isEqualTo("org/llama");
        hub.check();
        desk.work();
        assertThat(hub.foundProperty().get().missing()).isZero();
    }

    @Test
    void whatTheHubRefusesIsOneSentenceWithRetryAndNoDialog() {
        remote.add(FakeRepo.of("org/gated", lab.folder("gated")).gated());
        remote.requireToken("of somebody else");
        hub.nameProperty().set("org/gated");
        hub.check();
        desk.work();
        assertThat(hub.problemProperty().get().sentence()).startsWith("org/gated is given only to those");
        assertThat(hub.problemProperty().get().details()).isNull();
        assertThat(desk.problems()).isEmpty();
        hub.problemProperty().get().retry().run();
        assertThat(hub.stateProperty().get()).isEqualTo(State.CHECKING);
        desk.work();
        hub.nameProperty().set("org/other");
        assertThat(hub.problemProperty().get()).as("said of another name").isNull();
    }

    @Test
    void anAnswerAboutAnotherNameIsNotShown() {
        hub.nameProperty().set("org/llama");
        hub.check();
        hub.nameProperty().set("org/other");
        desk.work();
        assertThat(hub.stateProperty().get()).isEqualTo(State.UNKNOWN);
        assertThat(hub.foundProperty().get()).isNull();
    }

    @Test
    void aStoppedDownloadGoesOn() {
        hub.nameProperty().set("org/llama");
        hub.check();
        desk.work();
        hub.download();
        desk.stopAll();
        desk.work();
        assertThat(hub.stateProperty().get()).isEqualTo(State.STOPPED);
        assertThat(session.modelProperty().get()).isNull();
        hub.download();
        desk.work();
        assertThat(session.modelProperty().get()).isNotNull();
    }

    @Test
    void withoutWeightsNothingIsDownloadedBeforeItIsOpened() throws IOException {
        model.choices().loadingProperty().set(Loading.NONE);
        hub.nameProperty().set("org/llama");
        hub.check();
        desk.work();
        hub.download();
        assertThat(hub.stateProperty().get()).isEqualTo(State.UNKNOWN);
        desk.work();
        assertThat(model.openedWith())
                .isEqualTo(new ModelSettings("org/llama", "auto", ComputeType.AUTO, Loading.NONE));
        assertThat(session.modelProperty().get().card().memory().nothing()).isTrue();
        hub.check();
        desk.work();
        assertThat(hub.foundProperty().get().missing())
                .isEqualTo(Files.size(lab.folder("llama").resolve("model.safetensors")));
    }

    @Test
    void whoeverWorksWithAnotherModelByThenIsNotInterrupted() {
        hub.nameProperty().set("org/llama");
        hub.check();
        desk.work();
        hub.download();
        session.modelProperty().set(lab.open("sample"));
        desk.work();
        assertThat(session.modelProperty().get().card().name()).isEqualTo("bge-small-en-v1.5");
        assertThat(desk.notices()).containsExactly("Download finished");
        assertThat(desk.questions()).isEqualTo(List.of());
    }
}
