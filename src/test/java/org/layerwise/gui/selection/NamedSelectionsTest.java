package org.layerwise.gui.selection;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.gui.ChosenFiles;
import org.layerwise.gui.Desk;
import org.layerwise.gui.TinyLab;
import org.layerwise.gui.session.SelectionViewModel;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.training.TrainingForm;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.RankBudget;
import org.layerwise.selection.SelectedModules;
import org.layerwise.selection.SelectionFile;
import org.layerwise.selection.export.ExportFormat;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.EquivalentCommand;
import org.layerwise.study.document.NamedSelection;
import org.layerwise.study.model.OpenModel;

class NamedSelectionsTest {

    @TempDir
    static Path home;

    private final StudySession session = new StudySession();
    private final TrainingForm form = new TrainingForm();
    private final Desk desk = new Desk();
    private final ChosenFiles files = new ChosenFiles();
    private final SelectionViewModel selection = new SelectionViewModel(
            session,
            form.adapter().rank().valueProperty(),
            form.adapter().targetModules().valueProperty(),
            form.adapter().targetParameters().valueProperty(),
            form.adapter().variantProperty());
    private final NamedSelections kept = new NamedSelections(session, selection);
    private final SelectionExports exports = new SelectionExports(
            session,
            selection,
            new SelectionExports.Training(form::settingValues, form.values()),
            desk,
            desk,
            files,
            desk,
            () -> Optional.<EquivalentCommand>empty());
    private final TinyLab lab = new TinyLab(home);
    private final OpenModel model = lab.open("sample");

    @BeforeEach
    void analyzed() {
        session.modelProperty().set(model);
        session.analysisProperty()
                .set(session.add(
                        lab.analyze(model, DataSettings.of(DataSettings.DEFINITIONS), AnalysisSettings.defaults()),
                        null));
    }

    @Test
    void aKeptSelectionIsComparedWithTheCurrentOne() {
        kept.keep();
        NamedSelection half = session.kept().get(0);
        assertThat(half.name()).startsWith("6 of 12 by");
        assertThat(kept.diffProperty().get().same()).isTrue();
        selection.toggle(3);
        selection.toggle(11);
        assertThat(kept.diffProperty().get().onlyFirst()).containsExactly(3);
        assertThat(kept.diffProperty().get().onlySecond()).containsExactly(11);
        assertThat(kept.diffProperty().get().overlap()).isEqualTo(5 / 7.0);
        kept.use(half);
        assertThat(kept.diffProperty().get().sameLayers()).isTrue();
    }

    @Test
    void theNameSaysHowRanksWereSpread() {
        LayerSelection half = selection.selectionProperty().get();
        Map<String, Integer> ranks = new TreeMap<>();
        half.layers().forEach(layer -> ranks.put("layers.%s.query".formatted(layer), 4));
        selection.take(
                half.withModules(SelectedModules.of(ranks), new RankBudget(20_000, RankBudget.DEFAULT_RULE, 1, 8)));
        kept.keep();
        assertThat(session.kept().get(0).name()).endsWith(", ranks within 20,000 parameters");
    }

    @Test
    void namesAreOnesOwn() {
        kept.keep();
        kept.keep();
        assertThat(session.kept().get(1).name()).endsWith("(2)");
        kept.rename(session.kept().get(1), "  mine ");
        kept.rename(session.kept().get(0), "mine");
        kept.rename(session.kept().get(0), " ");
        assertThat(session.kept().stream().map(NamedSelection::name)).element(1).isEqualTo("mine");
        assertThat(session.kept().get(0).name())
                .as("a taken or empty name changes nothing")
                .startsWith("6 of 12");
        session.history().undo();
        assertThat(session.kept().get(1).name()).endsWith("(2)");
        kept.delete(session.kept().get(0));
        assertThat(session.kept()).hasSize(1);
        session.history().undo();
        assertThat(session.kept()).hasSize(2);
        session.history().undo();
        session.history().undo();
        assertThat(session.kept()).isEmpty();
    }

    @Test
    void oneOfAnotherModelIsNotCompared() {
        kept.keep();
        OpenModel llama = lab.open("llama");
        session.analysisProperty().set(null);
        session.modelProperty().set(llama);
        assertThat(kept.diffProperty().get()).isNull();
        assertThat(kept.fits(session.kept().get(0))).isFalse();
    }

    @Test
    void everyFormIsShownAsItIsNow() {
        exports.watchedProperty().set(true);
        desk.work();
        assertThat(exports.previewProperty().get()).contains("\"one_hot\" : \"011011001001\"", "\"importance\"");
        exports.formatProperty().set(SelectionFormat.of(ExportFormat.ONE_HOT));
        desk.work();
        assertThat(exports.previewProperty().get()).isEqualTo("011011001001");
        selection.toggle(0);
        desk.work();
        assertThat(exports.previewProperty().get()).isEqualTo("111011001001");
        exports.formatProperty().set(SelectionFormat.of(ExportFormat.PEFT_CONFIG));
        form.adapter().rank().set(24);
        desk.work();
        assertThat(exports.previewProperty().get()).contains("\"r\" : 24", "layers_to_transform");
        for (SelectionFormat format : List.of(
                SelectionFormat.of(ExportFormat.PEFT),
                SelectionFormat.of(ExportFormat.AXOLOTL),
                SelectionFormat.of(ExportFormat.LLAMA_FACTORY))) {
            exports.formatProperty().set(format);
            desk.work();
            assertThat(exports.previewProperty().get()
                            + exports.refusalProperty().get())
                    .as(format.title())
                    .isNotEmpty();
        }
        exports.formatProperty().set(SelectionFormat.of(ExportFormat.PEFT));
        desk.work();
        assertThat(exports.previewProperty().get()).contains("LoraConfig", "24", "NUM_LABELS = 2");
        DataSettings definitions = DataSettings.of(DataSettings.DEFINITIONS);
        session.dataProperty().set(lab.data(definitions));
        desk.work();
        assertThat(exports.previewProperty().get())
                .as("as many as the data have")
                .contains("NUM_LABELS = 8");
    }

    @ParameterizedTest
    @CsvSource({
        "0 0 0, 2  # the number of classes",
        "0 2 2, 3  # the number of classes",
        "1 5 3, 6  # the number of classes",
        "0.5 1.5 2, 1  # the number of classes"
    })
    void theScriptHasAsManyOutputsAsTheTrainingHas(String labels, String expected, @TempDir Path folder)
            throws Exception {
        StringBuilder rows = new StringBuilder("text,label\n");
        for (String label : labels.split(" ")) {
            rows.append("A word,").append(label).append('\n');
        }
        Path file = Files.writeString(folder.resolve("rows.csv"), rows);
        session.dataProperty().set(lab.data(DataSettings.of(file.toString())));
        exports.formatProperty().set(SelectionFormat.of(ExportFormat.PEFT));
        exports.watchedProperty().set(true);
        desk.work();
        assertThat(exports.previewProperty().get()).contains("NUM_LABELS = " + expected);
        if (!labels.contains(".")) {
            assertThat(exports.previewProperty().get()).contains("of the 3 rows read");
        }
    }

    @Test
    void whatAFormNeedsIsSaid() {
        session.analysisProperty().set(null);
        exports.watchedProperty().set(true);
        exports.formatProperty().set(SelectionFormat.SIMILARITIES);
        desk.work();
        assertThat(exports.refusalProperty().get()).contains("needs an analysis");
        assertThat(exports.previewProperty().get()).isEmpty();
        session.modelProperty().set(null);
        desk.work();
        assertThat(exports.refusalProperty().get()).contains("no selection yet");
    }

    @Test
    void oneIsSavedAndAllAreSaved(@TempDir Path folder) throws Exception {
        files.choose(folder.resolve("own.json"));
        exports.save();
        desk.work();
        assertThat(SelectionFile.read(folder.resolve("own.json")).selection())
                .isEqualTo(selection.selectionProperty().get());
        Path all = Files.createDirectory(folder.resolve("all"));
        files.choose(all);
        exports.saveAll();
        desk.work();
        assertThat(all.resolve("adapter_config.json")).content().contains("layers_to_transform");
        assertThat(all.resolve("layers_to_finetune_ohe_bge-small-en-v1.5_definitions.txt"))
                .hasContent("011011001001");
        assertThat(all.resolve("cka_layer_list_bge-small-en-v1.5_definitions.txt"))
                .exists();
        assertThat(all.resolve("train_peft.py")).exists();
        assertThat(desk.problems()).isEmpty();
    }

    /** The folder of an adapter, say, has an adapter_config.json of its own. */
    @Test
    void allAreSavedWithoutReplacingFilesOfOthers(@TempDir Path folder) throws Exception {
        Path own = Files.writeString(folder.resolve("adapter_config.json"), "own");
        files.choose(folder);
        exports.saveAll();
        desk.work();
        assertThat(desk.problems()).isEmpty();
        assertThat(own).hasContent("own");
        assertThat(folder).as("all files lie together").isDirectoryNotContaining("glob:**.py");
        Path beside = folder.resolve("selection");
        assertThat(beside.resolve("adapter_config.json")).content().contains("layers_to_transform");
        assertThat(beside.resolve("train_peft.py")).exists();
        assertThat(desk.sentences()).contains(beside.toString());
        exports.saveAll();
        desk.work();
        assertThat(folder.resolve("selection-2/adapter_config.json")).exists();
    }
}
