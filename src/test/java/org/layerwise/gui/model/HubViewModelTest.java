package org.layerwise.gui.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.layerwise.gui.Desk;
import org.layerwise.gui.InventedEngine;
import org.layerwise.gui.model.HubViewModel.State;
import org.layerwise.gui.session.StudySession;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.Loading;
import org.layerwise.settings.ModelSettings;

class HubViewModelTest {

    private final Desk desk = new Desk();
    private final StudySession session = new StudySession();
    private final InventedEngine engine = new InventedEngine(0);
    private final ModelViewModel model = new ModelViewModel(session, engine, desk, desk, new RememberedFolders());
    private final HubViewModel hub = new HubViewModel(session, engine, desk, desk, model);

    @Test
    void aModelIsCheckedFetchedAndOpened() {
        hub.nameProperty().set(" org/llama ");
        hub.check();
        assertThat(hub.stateProperty().get()).isEqualTo(State.CHECKING);
        desk.work();
        assertThat(hub.stateProperty().get()).isEqualTo(State.FOUND);
        assertThat(hub.foundProperty().get().size().files()).isEqualTo(9);
        assertThat(hub.foundProperty().get().missing()).isEqualTo(13_476_900_000L);
        hub.download();
        assertThat(hub.stateProperty().get()).isEqualTo(State.FETCHING);
        desk.work();
        assertThat(session.modelProperty().get().card().name()).isEqualTo("llama");
        assertThat(engine.opened()).extracting(ModelSettings::model).containsExactly("org/llama");
        hub.check();
        desk.work();
        assertThat(hub.foundProperty().get().missing()).isZero();
    }

    @Test
    void whatTheHubRefusesIsOneSentenceWithRetryAndNoDialog() {
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
    void withoutWeightsNothingIsDownloadedBeforeItIsOpened() {
        model.choices().loadingProperty().set(Loading.NONE);
        hub.nameProperty().set("org/llama");
        hub.check();
        desk.work();
        hub.download();
        assertThat(hub.stateProperty().get()).isEqualTo(State.UNKNOWN);
        desk.work();
        assertThat(engine.opened())
                .containsExactly(new ModelSettings("org/llama", "auto", ComputeType.AUTO, Loading.NONE));
        assertThat(session.modelProperty().get().card().memory().nothing()).isTrue();
        hub.check();
        desk.work();
        assertThat(hub.foundProperty().get().missing()).isEqualTo(13_476_900_000L);
    }

    @Test
    void whoeverWorksWithAnotherModelByThenIsNotInterrupted() {
        hub.nameProperty().set("org/llama");
        hub.check();
        desk.work();
        hub.download();
        session.modelProperty().set(engine.model("sample"));
        desk.work();
        assertThat(session.modelProperty().get().card().name()).isEqualTo("bge-small-en-v1.5");
        assertThat(desk.notices()).containsExactly("Download finished");
        assertThat(desk.questions()).isEqualTo(List.of());
    }
}
