package org.layerwise.gui.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import javafx.beans.property.SimpleObjectProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.analysis.ModuleImportance.Module;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.analysis.weights.SignalToNoise;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.gui.Desk;
import org.layerwise.gui.TinyLab;
import org.layerwise.gui.session.LayerLock;
import org.layerwise.gui.session.SelectionViewModel;
import org.layerwise.gui.session.StudySession;
import org.layerwise.lora.LoraSettings;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.SelectedModules;
import org.layerwise.testing.TinyModels;

class ModulesViewModelTest {

    private static final String QUERY = "bert.encoder.layer.3.attention.self.query";

    @TempDir
    static Path home;

    private final TinyLab lab = new TinyLab(home);
    private final Desk desk = new Desk();
    private final StudySession session = new StudySession();
    private final AnalysisViewModel analysis = lab.analysis(session, desk);
    private final SelectionViewModel selection = lab.selection(session);
    private final SimpleObjectProperty<SettingValues> adapters =
            new SimpleObjectProperty<>(SettingValues.none().with(LoraSettings.RANK, 8));
    private final ModulesViewModel modules = new ModulesViewModel(session, selection, adapters, desk);

    @BeforeEach
    void analyze() {
        lab.openSample(session);
        analysis.form().ask(SignalToNoise.MEASURE, true);
        analysis.analyze();
        desk.work();
    }

    @Test
    void showsTheValuesOfTheResultThatHasThem() {
        assertThat(desk.problems()).isEmpty();
        assertThat(modules.shownProperty().get()).as("CKA has none").isNull();
        assertThat(modules.results()).hasSize(1);
        modules.show(modules.results().get(0));
        assertThat(modules.shownProperty().get().importance().modules())
                .hasSize(6 * TinyModels.LAYERS)
                .extracting(Module::name)
                .contains(QUERY);
        assertThat(modules.shownProperty().get().title()).isEqualTo("SNR / mean of the type");
    }

    @Test
    void aLinearMapIsSelectedAndDeselectedAndTakenBack() {
        showModules();
        selection.selectOnly(new TreeSet<>(List.of(1, 5)));
        List<String> before = List.copyOf(modules.selectedProperty().get().keySet());
        assertThat(before)
                .as("the target modules of two layers")
                .hasSize(2 * targets())
                .doesNotContain(QUERY);
        modules.toggle(module(QUERY));
        LayerSelection with = selection.selectionProperty().get();
        assertThat(with.layers()).hasSize(3).contains(3);
        assertThat(with.modules().names()).hasSize(2 * targets() + 1).contains(QUERY);
        assertThat(modules.selectedProperty().get()).containsEntry(QUERY, 8);
        assertThat(modules.readout(module(QUERY)))
                .startsWith("Layer 3 · attention.self.query, selected, rank 8 · SNR / mean of the type ");

        modules.toggle(module(QUERY));
        assertThat(selection.selectionProperty().get().modules())
                .as("whole layers name no modules")
                .isNull();
        assertThat(modules.selectedProperty().get().keySet()).containsExactlyElementsOf(before);
        session.history().undo();
        assertThat(modules.selectedProperty().get()).containsKey(QUERY);
        session.history().undo();
        assertThat(modules.selectedProperty().get()).doesNotContainKey(QUERY);
    }

    @Test
    void ranksOfASelectionAreReadAndDroppedByAClick() {
        showModules();
        selection.take(LayerSelection.byHand(List.of(3), TinyModels.LAYERS)
                .withModules(SelectedModules.of(Map.of("layer.3.attention.self.query", 5)), null));
        assertThat(modules.selectedProperty().get())
                .as("found by the end of its name")
                .containsOnlyKeys(QUERY)
                .containsEntry(QUERY, 5);
        modules.toggle(module(QUERY.replace("query", "key")));
        assertThat(selection.selectionProperty().get().modules())
                .isEqualTo(SelectedModules.of(List.of(QUERY, QUERY.replace("query", "key"))));
    }

    @Test
    void lockedLayersStay() {
        showModules();
        selection.setLock(3, LayerLock.NEVER);
        modules.toggle(module(QUERY));
        assertThat(modules.selectedProperty().get()).doesNotContainKey(QUERY);
        assertThat(modules.readout(module(QUERY))).contains("never selected");
    }

    @Test
    void theModelThatWasAnalyzedIsNeeded() {
        showModules();
        session.modelProperty().set(lab.open("llama"));
        desk.work();
        session.analysisProperty().set(session.analyses().get(0));
        modules.show(modules.results().get(0));
        desk.work();
        assertThat(modules.remarkProperty().get())
                .isEqualTo("To select linear maps, open the model that was analyzed, bge-small-en-v1.5.");
        modules.toggle(module(QUERY));
        assertThat(selection.selectionProperty().get().modules()).isNull();
    }

    @Test
    void targetsThatMatchNothingAreSaid() {
        showModules();
        adapters.set(SettingValues.none()
                .with(LoraSettings.RANK, 8)
                .with(LoraSettings.TARGET_MODULES, Optional.of(List.of("q_proj"))));
        desk.work();
        assertThat(modules.remarkProperty().get()).startsWith("No linear module of bge-small-en-v1.5 is called");
        adapters.set(SettingValues.none()
                .with(LoraSettings.RANK, 4)
                .with(LoraSettings.TARGET_MODULES, Optional.of(List.of("query"))));
        desk.work();
        assertThat(modules.remarkProperty().get()).isEmpty();
        assertThat(modules.selectedProperty().get()).hasSize(6).containsValue(4);
    }

    @Test
    void aMeasureWithoutValuesHasNoneOnDisplay() {
        showModules();
        analysis.resultProperty()
                .set(session.analyses()
                        .get(0)
                        .analysis()
                        .result(LinearCka.MEASURE)
                        .orElseThrow());
        assertThat(modules.shownProperty().get()).isNull();
        assertThat(modules.selectedProperty().get()).isEmpty();
    }

    private void showModules() {
        modules.show(modules.results().get(0));
        desk.work();
    }

    private int targets() {
        return session.modelProperty().get().card().targetModules().size();
    }

    private Module module(String name) {
        return modules.shownProperty().get().importance().modules().stream()
                .filter(module -> module.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
