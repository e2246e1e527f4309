package org.layerwise.gui.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.layerwise.base.Progress;
import org.layerwise.gui.Desk;
import org.layerwise.gui.InventedEngine;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.gui.session.StudySession;
import org.layerwise.study.AnalysisSettings;
import org.layerwise.study.DataSettings;

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
    void analysesAreNotLostUnasked() {
        model.open(ModelViewModel.SAMPLE);
        desk.work();
        DataSettings data = DataSettings.of("sample:definitions");
        AnalysisEntry entry = new AnalysisEntry(
                1,
                model.modelProperty().get().analyze(data, AnalysisSettings.defaults(), Progress.none(), partial -> {}));
        session.analyses().add(entry);
        desk.agrees = false;
        model.open("/models/other");
        assertThat(desk.waiting()).isZero();
        assertThat(session.analyses()).containsExactly(entry);
        session.analyses().add(entry);
        desk.agrees = true;
        model.open("/models/other");
        desk.work();
        assertThat(session.analyses()).isEmpty();
        assertThat(desk.questions())
                .containsExactly(
                        "Opening another model closes 1 analysis. Save what you need first.",
                        "Opening another model closes 2 analyses. Save what you need first.");
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
