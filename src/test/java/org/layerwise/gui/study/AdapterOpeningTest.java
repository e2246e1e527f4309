package org.layerwise.gui.study;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javafx.beans.Observable;
import javafx.collections.FXCollections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.analysis.adapter.AdapterEnergy;
import org.layerwise.analysis.adapter.AdapterNorm;
import org.layerwise.analysis.adapter.AdapterRank;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.analysis.weights.SignalToNoise;
import org.layerwise.base.json.Json;
import org.layerwise.gui.ChosenFiles;
import org.layerwise.gui.Desk;
import org.layerwise.gui.TinyLab;
import org.layerwise.gui.analysis.AnalysisForm;
import org.layerwise.gui.analysis.AnalysisViewModel;
import org.layerwise.gui.model.HubViewModel;
import org.layerwise.gui.model.ModelViewModel;
import org.layerwise.gui.model.RememberedFolders;
import org.layerwise.gui.session.RunLocation;
import org.layerwise.gui.session.StudySession;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.AnalysisCommand;
import org.layerwise.study.model.AdapterBaseModel;
import org.layerwise.testing.Golden;
import org.layerwise.training.OptimiserSettings;

/** An adapter of PEFT opens beside its model, and the next analysis is of both. */
class AdapterOpeningTest {

    private static final Path LORA = Golden.folder("lora_bert/adapter_final");

    @TempDir
    private Path home;

    private final Desk desk = new Desk();
    private final StudySession session = new StudySession();

    private record Opened(
            TinyLab lab, AnalysisViewModel analysis, HubViewModel hub, AdapterOpening adapter, int[] opened) {
        AnalysisForm form() {
            return analysis.form();
        }

        void open(Path folder) {
            adapter.open(folder, () -> opened[0]++);
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
        session.history()
                .follow(
                        analysis.form(),
                        "measures",
                        analysis.form()::content,
                        analysis.form()::show,
                        analysis.form().parts().toArray(Observable[]::new));
        HubViewModel hub = new HubViewModel(session, lab.workbench(), desk, desk, model);
        return new Opened(
                lab,
                analysis,
                hub,
                new AdapterOpening(session, model, hub, analysis.form(), desk, new ChosenFiles(), desk),
                new int[1]);
    }

    /** Returns a copy of an adapter whose file names a base model. */
    private Path adapter(String base) throws IOException {
        Path folder = Files.createDirectories(home.resolve("mine"));
        Files.copy(LORA.resolve(PeftAdapter.WEIGHTS), folder.resolve(PeftAdapter.WEIGHTS));
        ObjectNode config = (ObjectNode) Json.read(LORA.resolve(PeftAdapter.CONFIG));
        Json.write(folder.resolve(PeftAdapter.CONFIG), config.put("base_model_name_or_path", base));
        return folder;
    }

    @Test
    void itsModelOpensWithItAndNoRowsAreNeeded() throws IOException {
        Opened window = window();
        Path folder = adapter(TinyStudy.MODEL);

        window.open(folder);
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
        assertThat(session.analysisProperty().get().task()).isEqualTo("adapter mine");
        assertThat(AnalysisCommand.of(done, Path.of("again")).orElseThrow().commandLine())
                .contains("--adapter " + folder)
                .contains("--measure adapter-norm,adapter-rank")
                .doesNotContain("--data");
    }

    @Test
    void withRowsItsEnergyIsMeasuredAndSimilarityIsOfTheChangedModel() {
        Opened window = window();
        session.modelProperty().set(TinyStudy.open(window.lab.workbench()));
        session.dataProperty()
                .set(window.lab.data(DataSettings.of(TinyStudy.classes(home).toString())));

        window.open(LORA);
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
        window.open(LORA);
        desk.work();
        assertThat(window.opened).containsExactly(1);
        assertThat(window.form().ofModelAlone().measures()).containsExactly(LinearCka.MEASURE);

        session.modelProperty().set(TinyStudy.open(window.lab.workbench()));
        assertThat(window.form().adapterProperty().get())
                .as("the same model was opened again")
                .isEqualTo(LORA);
        session.modelProperty().set(window.lab.open("llama"));

        assertThat(window.form().adapterProperty().get()).isNull();
        assertThat(window.form().measuresProperty().get()).containsExactly(LinearCka.MEASURE);
        session.history().undo();
        session.history().undo();
        assertThat(window.form().adapterProperty().get())
                .as("no undo puts it on another model")
                .isNull();
    }

    @Test
    void choosingAndRemovingAreOneStepOfUndoEach() {
        Opened window = window();
        session.modelProperty().set(TinyStudy.open(window.lab.workbench()));
        window.form().rankBy(SignalToNoise.MEASURE);
        window.form().ask(LinearCka.MEASURE, false);
        window.open(LORA);
        desk.work();

        session.history().undo();
        assertThat(window.form().adapterProperty().get()).isNull();
        assertThat(window.form().measuresProperty().get()).containsExactly(SignalToNoise.MEASURE);
        session.history().redo();
        assertThat(window.form().adapterProperty().get()).isEqualTo(LORA);
        window.adapter.remove();
        assertThat(window.form().measuresProperty().get()).containsExactly(SignalToNoise.MEASURE);
        session.history().undo();
        assertThat(window.form().adapterProperty().get()).isEqualTo(LORA);
        assertThat(window.form().measuresProperty().get()).containsExactly(AdapterNorm.MEASURE, AdapterRank.MEASURE);
        assertThat(window.form().ofModelAlone().measures()).containsExactly(SignalToNoise.MEASURE);
    }

    @Test
    void settingsOfAFileAreOfTheModelAlone() {
        Opened window = window();
        session.modelProperty().set(TinyStudy.open(window.lab.workbench()));
        window.open(LORA);
        desk.work();

        window.form().take(AnalysisSettings.defaults().with(List.of(SignalToNoise.MEASURE)));

        assertThat(window.form().adapterProperty().get()).isNull();
        assertThat(window.form().ofModelAlone().measures()).containsExactly(SignalToNoise.MEASURE);
    }

    @Test
    void anAdapterOfAnotherModelIsSaid() throws IOException {
        Opened window = window();
        session.modelProperty().set(TinyStudy.open(window.lab.workbench()));

        window.open(adapter("org/another"));
        desk.work();

        assertThat(window.form().adapterProperty().get()).isNotNull();
        assertThat(desk.sentences())
                .singleElement()
                .asString()
                .contains("was trained on org/another, and is put on bert");
    }

    @Test
    void openedAsAModelItBringsItsOwnModel() throws IOException {
        Opened window = window();
        session.modelProperty().set(window.lab.open("llama"));
        Path folder = adapter(TinyStudy.MODEL);

        window.adapter.openWithBase(folder, () -> window.opened()[0]++);
        desk.work();

        assertThat(session.modelProperty().get().origin().name()).isEqualTo("bert");
        assertThat(window.form().adapterProperty().get()).isEqualTo(folder);
        assertThat(desk.sentences()).as("it is on its own model").isEmpty();
    }

    @Test
    void aModelOfTheHubIsOfferedAndTheAdapterFollows() throws IOException {
        Opened window = window();
        Path folder = adapter("golden/bert");

        window.open(folder);
        desk.work();

        assertThat(window.hub.nameProperty().get()).isEqualTo("golden/bert");
        assertThat(session.modelProperty().get()).isNull();
        session.modelProperty().set(TinyStudy.open(window.lab.workbench()));
        assertThat(window.form().adapterProperty().get()).isEqualTo(folder);
        assertThat(desk.sentences()).as("advice on the download alone").hasSize(1);
    }

    @Test
    void anotherModelThanTheOfferedOneIsSaid() throws IOException {
        Opened window = window();
        window.open(adapter("org/another"));
        desk.work();

        session.modelProperty().set(TinyStudy.open(window.lab.workbench()));

        assertThat(desk.sentences()).last().asString().contains("was trained on org/another, and is put on bert");
    }

    @Test
    void theAdapterOfARunFindsTheModelOfItsRun() {
        Opened window = window();
        Path run = window.lab.train(
                home.resolve("mine"),
                DataSettings.of("sample:definitions").withSamples(16),
                TrainingSettings.defaults().with(OptimiserSettings.STEPS, 1),
                1);

        window.open(run.resolve("adapter"));
        desk.work();

        assertThat(desk.problems()).isEmpty();
        assertThat(session.modelProperty().get()).isNotNull();
        assertThat(window.form().adapterProperty().get()).isEqualTo(run.resolve("adapter"));
        window.adapter.remove();
        window.open(run.resolve("adapter"));
        desk.work();
        assertThat(desk.sentences()).as("it is on its own model").isEmpty();
        window.analysis.analyze();
        desk.work();
        assertThat(session.analysisProperty().get().task())
                .as("named after its run")
                .isEqualTo("adapter mine");
    }

    @Test
    void aBaseModelThatIsNotHereIsNamed() throws IOException {
        Opened window = window();

        window.open(adapter("/data/of/another/computer"));
        desk.work();

        assertThat(desk.problems()).singleElement().satisfies(problem -> assertThat(problem.sentence())
                .isEqualTo(
                        "The base model of the adapter mine, /data/of/another/computer, is not on this computer; open that"
                                + " model, then choose the adapter again."));
    }

    @Test
    void aFileThatNamesNoModelIsSaid() throws IOException {
        Opened window = window();
        Path folder = adapter("bert");
        ObjectNode config = (ObjectNode) Json.read(folder.resolve(PeftAdapter.CONFIG));
        Json.write(folder.resolve(PeftAdapter.CONFIG), config.putNull("base_model_name_or_path"));

        window.open(folder);
        desk.work();

        assertThat(desk.problems()).singleElement().satisfies(problem -> assertThat(problem.sentence())
                .startsWith("The adapter mine does not name its base model"));
    }

    @Test
    void aFolderWithoutWeightsIsRefused() throws IOException {
        Opened window = window();
        Path folder = adapter(TinyStudy.MODEL);
        Files.delete(folder.resolve(PeftAdapter.WEIGHTS));

        window.open(folder);
        desk.work();

        assertThat(desk.problems()).singleElement().satisfies(problem -> assertThat(problem.sentence())
                .contains("has no adapter_model.safetensors"));
        assertThat(session.modelProperty().get()).isNull();
    }

    @Test
    void aBrokenFileIsRefused() throws IOException {
        Opened window = window();
        Path folder = adapter(TinyStudy.MODEL);
        Files.writeString(folder.resolve(PeftAdapter.CONFIG), "{\"peft_type\": \"PROMPT_TUNING\"}");

        assertThat(AdapterBaseModel.isAdapter(folder)).isTrue();
        assertThat(AdapterBaseModel.isAdapter(home)).isFalse();
        window.open(folder);
        desk.work();

        assertThat(desk.problems()).singleElement().satisfies(problem -> assertThat(problem.sentence())
                .contains("PROMPT_TUNING"));
        assertThat(session.modelProperty().get()).isNull();
    }
}
