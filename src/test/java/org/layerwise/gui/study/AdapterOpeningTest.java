package org.layerwise.gui.study;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javafx.collections.FXCollections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.analysis.adapter.AdapterEnergy;
import org.layerwise.analysis.adapter.AdapterNorm;
import org.layerwise.analysis.adapter.AdapterRank;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.base.json.Json;
import org.layerwise.gui.ChosenFiles;
import org.layerwise.gui.Desk;
import org.layerwise.gui.TinyLab;
import org.layerwise.gui.analysis.AnalysisForm;
import org.layerwise.gui.analysis.AnalysisViewModel;
import org.layerwise.gui.model.ModelViewModel;
import org.layerwise.gui.model.RememberedFolders;
import org.layerwise.gui.session.RunLocation;
import org.layerwise.gui.session.StudySession;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.adapter.AdapterBase;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.testing.Golden;

/** An adapter of PEFT opens beside its model, and the next analysis is of both. */
class AdapterOpeningTest {

    private static final Path LORA = Golden.folder("lora_bert/adapter_final");

    @TempDir
    private Path home;

    private final Desk desk = new Desk();
    private final StudySession session = new StudySession();

    private record Opened(TinyLab lab, AnalysisViewModel analysis, AdapterOpening adapter) {
        AnalysisForm form() {
            return analysis.form();
        }
    }

    private Opened window() {
        TinyLab lab = new TinyLab(home);
        ModelViewModel model = new ModelViewModel(session, lab.workbench(), desk, desk, new RememberedFolders());
        AnalysisViewModel analysis = new AnalysisViewModel(
                session,
                lab.workbench(),
                lab.clusters(),
                desk,
                desk,
                desk,
                new RunLocation(FXCollections.observableArrayList()),
                () -> false);
        return new Opened(
                lab, analysis, new AdapterOpening(session, model, analysis.form(), desk, new ChosenFiles(), desk));
    }

    /** Returns a copy of an adapter whose file names a base model. */
    private Path adapter(String base) throws IOException {
        Path folder = Files.createDirectories(home.resolve("adapter"));
        Files.copy(LORA.resolve(PeftAdapter.WEIGHTS), folder.resolve(PeftAdapter.WEIGHTS));
        ObjectNode config = (ObjectNode) Json.read(LORA.resolve(PeftAdapter.CONFIG));
        Json.write(folder.resolve(PeftAdapter.CONFIG), config.put("base_model_name_or_path", base));
        return folder;
    }

    @Test
    void itsModelOpensWithItAndNoRowsAreNeeded() throws IOException {
        Opened window = window();
        Path folder = adapter(TinyStudy.MODEL);

        window.adapter.open(folder);
        desk.work();

        assertThat(desk.problems()).isEmpty();
        assertThat(session.modelProperty().get()).isNotNull();
        assertThat(window.form().adapterProperty().get()).isEqualTo(folder);
        assertThat(window.form().measuresProperty().get()).containsExactly(AdapterNorm.MEASURE, AdapterRank.MEASURE);
        assertThat(window.analysis.ready().get()).as("without rows").isTrue();
        window.analysis.analyze();
        desk.work();
        Analysis done = session.analysisProperty().get().analysis();
        assertThat(done.provenance().adapter()).isEqualTo(folder.toString());
        assertThat(done.hasRows()).isFalse();
        assertThat(done.primary().modules().modules()).isNotEmpty();
    }

    @Test
    void withRowsItsEnergyIsMeasuredAndSimilarityIsOfTheChangedModel() {
        Opened window = window();
        session.modelProperty().set(TinyStudy.open(window.lab.workbench()));
        session.dataProperty()
                .set(window.lab.data(DataSettings.of(TinyStudy.classes(home).toString())));

        window.adapter.open(LORA);
        desk.work();

        assertThat(window.form().measuresProperty().get())
                .containsExactly(AdapterNorm.MEASURE, AdapterRank.MEASURE, AdapterEnergy.MEASURE);
        window.form().ask(LinearCka.MEASURE, true);
        window.analysis.analyze();
        desk.work();
        assertThat(desk.problems()).isEmpty();
        Analysis changed = session.analysisProperty().get().analysis();
        assertThat(changed.results()).hasSize(4);

        window.form().removeAdapter();
        assertThat(window.form().measuresProperty().get())
                .as("those before the adapter")
                .containsExactly(LinearCka.MEASURE);
        window.analysis.analyze();
        desk.work();
        Analysis alone = session.analysisProperty().get().analysis();
        assertThat(alone.provenance().adapter()).isNull();
        assertThat(alone.primary().similarity())
                .isNotEqualTo(changed.results().stream()
                        .filter(result -> result.measure() == LinearCka.MEASURE)
                        .findFirst()
                        .orElseThrow()
                        .similarity());
    }

    @Test
    void itStaysWithItsModelAndOutOfTheStudy() {
        Opened window = window();
        session.modelProperty().set(TinyStudy.open(window.lab.workbench()));
        window.adapter.open(LORA);
        desk.work();
        assertThat(window.form().ofModelAlone().measures()).containsExactly(LinearCka.MEASURE);
        AnalysisForm.Content before = window.form().content();

        session.modelProperty().set(window.lab.open("llama"));

        assertThat(window.form().adapterProperty().get()).isNull();
        assertThat(window.form().measuresProperty().get()).containsExactly(LinearCka.MEASURE);
        window.form().show(before);
        assertThat(window.form().content()).as("as undo does").isEqualTo(before);
    }

    @Test
    void aModelOfTheHubIsOpenedOnlyWhenTheUserAgrees() throws IOException {
        Opened window = window();
        desk.agrees = false;

        window.adapter.open(adapter("golden/bert"));
        desk.work();

        assertThat(desk.questions()).singleElement().asString().contains("golden/bert");
        assertThat(session.modelProperty().get()).isNull();
        assertThat(window.form().adapterProperty().get()).isNull();
    }

    @Test
    void aFolderOfAnotherComputerIsNamed() throws IOException {
        Opened window = window();

        window.adapter.open(adapter("/data/of/another/computer"));
        desk.work();

        assertThat(desk.problems()).singleElement().satisfies(problem -> assertThat(problem.sentence())
                .isEqualTo("The adapter adapter was made for the model /data/of/another/computer, which is not on this"
                        + " computer; open that model, then choose the adapter again."));
    }

    @Test
    void aBrokenFileIsRefused() throws IOException {
        Opened window = window();
        Path folder = Files.createDirectory(home.resolve("broken"));
        Files.writeString(folder.resolve(PeftAdapter.CONFIG), "{\"peft_type\": \"PROMPT_TUNING\"}");

        assertThat(AdapterBase.isAdapter(folder)).isTrue();
        assertThat(AdapterBase.isAdapter(home)).isFalse();
        window.adapter.open(folder);
        desk.work();

        assertThat(desk.problems()).singleElement().satisfies(problem -> assertThat(problem.sentence())
                .contains("PROMPT_TUNING"));
        assertThat(List.copyOf(session.analyses())).isEmpty();
    }
}
