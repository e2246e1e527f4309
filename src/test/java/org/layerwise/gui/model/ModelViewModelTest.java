package org.layerwise.gui.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.gui.Desk;
import org.layerwise.gui.TinyLab;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.gui.session.StudySession;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.Loading;
import org.layerwise.settings.ModelSettings;

class ModelViewModelTest {

    @TempDir
    static Path home;

    private final Desk desk = new Desk();
    private final StudySession session = new StudySession();
    private final TinyLab lab = new TinyLab(home);
    private final RememberedFolders recent = new RememberedFolders();
    private final ModelViewModel model = new ModelViewModel(session, lab.workbench(), desk, desk, recent);

    @Test
    void oneModelFollowsAnotherAndFreesItsMemory() {
        model.open(ModelViewModel.SAMPLE);
        desk.work();
        int held = lab.workbench().engine().liveTensors();
        assertThat(model.choices().devices()).containsExactly("auto", "cpu");
        assertThat(model.modelProperty().get().card().layers()).isEqualTo(12);
        model.open(lab.folder("other").toString());
        desk.work();
        assertThat(model.modelProperty().get().card().name()).isEqualTo("other");
        assertThat(lab.workbench().engine().liveTensors())
                .as("the first one is closed")
                .isEqualTo(held);
    }

    @Test
    void choicesGoAlongAndFoldersAreRemembered() {
        model.choosingProperty().set(true);
        model.choices().typeProperty().set(ComputeType.BF16);
        model.choices().loadingProperty().set(Loading.LAYERS);
        model.open(lab.folder("llama"));
        assertThat(model.choosingProperty().get()).as("the pane to choose").isFalse();
        desk.work();
        assertThat(model.openedWith())
                .isEqualTo(new ModelSettings(lab.folder("llama").toString(), "auto", ComputeType.BF16, Loading.LAYERS));
        assertThat(model.modelProperty().get().card().memory().byLayers()).isTrue();
        assertThat(model.recentFolders()).containsExactly(lab.folder("llama"));
        model.choices().loadingProperty().set(Loading.WHOLE);
        model.reopen();
        desk.work();
        assertThat(model.modelProperty().get().card().memory().byLayers()).isFalse();
    }

    @Test
    void aFolderThatCannotBeOpenedIsNotRemembered() throws IOException {
        model.open(Files.createDirectories(home.resolve("broken")));
        desk.work();
        assertThat(model.recentFolders()).isEmpty();
    }

    @Test
    void aModelIsCalledByTheLastPartOfItsName() {
        assertThat(ModelViewModel.name("sample")).isEqualTo("the sample");
        assertThat(ModelViewModel.name("meta-llama/Llama-2-7b-hf@0a1b2c")).isEqualTo("Llama-2-7b-hf");
        assertThat(ModelViewModel.name("/models/bert")).isEqualTo("bert");
        assertThat(ModelViewModel.name("gpt2")).isEqualTo("gpt2");
    }

    @Test
    void analysesOutliveTheirModel() {
        model.open(ModelViewModel.SAMPLE);
        desk.work();
        DataSettings data = DataSettings.of("sample:definitions");
        AnalysisEntry entry =
                session.add(lab.analyze(model.modelProperty().get(), data, AnalysisSettings.defaults()), null);
        session.analysisProperty().set(entry);
        model.open(lab.folder("other").toString());
        desk.work();
        assertThat(desk.questions()).isEmpty();
        assertThat(session.analyses()).containsExactly(entry);
        assertThat(session.analysisProperty().get())
                .as("of the open model, there is none")
                .isNull();
        session.analysisProperty().set(entry);
        model.open(ModelViewModel.SAMPLE);
        desk.work();
        assertThat(session.analysisProperty().get())
                .as("its own model leaves it in sight")
                .isEqualTo(entry);
    }

    @Test
    void aBrokenFolderLeavesTheOpenModel() throws IOException {
        model.open(ModelViewModel.SAMPLE);
        desk.work();
        model.open(Files.createDirectories(home.resolve("broken")).toString(), () -> {
            throw new AssertionError("must not go on");
        });
        desk.work();
        assertThat(model.modelProperty().get().card().name()).isEqualTo("bge-small-en-v1.5");
        assertThat(desk.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.sentence()).contains("has no config.json");
            assertThat(problem.details()).isNull();
        });
        assertThat(model.openingProperty().get()).isFalse();
    }
}
