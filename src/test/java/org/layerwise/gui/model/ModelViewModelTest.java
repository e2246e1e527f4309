package org.layerwise.gui.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.layerwise.gui.Desk;
import org.layerwise.gui.InventedEngine;
import org.layerwise.gui.session.StudySession;

class ModelViewModelTest {

    private final Desk desk = new Desk();
    private final StudySession session = new StudySession();
    private final InventedEngine engine = new InventedEngine(0);
    private final ModelViewModel model = new ModelViewModel(session, engine, desk, desk);

    @Test
    void oneModelFollowsAnotherAndFreesItsMemory() {
        model.open(ModelViewModel.SAMPLE);
        desk.work();
        assertThat(model.devices()).containsExactly("auto", "cpu");
        assertThat(model.modelProperty().get().card().layers()).isEqualTo(12);
        model.open("/models/other");
        desk.work();
        assertThat(model.modelProperty().get().card().name()).isEqualTo("other");
        assertThat(engine.closed()).isEqualTo(1);
    }

    @Test
    void aBrokenFolderLeavesTheOpenModel() {
        model.open(ModelViewModel.SAMPLE);
        desk.work();
        model.open("/models/" + InventedEngine.BROKEN, () -> {
            throw new AssertionError("must not go on");
        });
        desk.work();
        assertThat(model.modelProperty().get().card().name()).isEqualTo("bge-small-en-v1.5");
        assertThat(desk.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.sentence()).contains("There is no config.json");
            assertThat(problem.details()).isNull();
        });
        assertThat(model.openingProperty().get()).isFalse();
    }
}
