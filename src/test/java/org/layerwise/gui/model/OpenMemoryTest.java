package org.layerwise.gui.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.gui.Desk;
import org.layerwise.gui.TinyLab;
import org.layerwise.gui.session.StudySession;
import org.layerwise.model.quantization.WeightQuantization;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.Loading;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.model.MemoryNeed;
import org.layerwise.study.model.OpenModel;

/** The Open pane says what a model will take, quantised or not. */
class OpenMemoryTest {

    @TempDir
    static Path home;

    private final Desk desk = new Desk();
    private final TinyLab lab = new TinyLab(home);
    private final ModelViewModel model =
            new ModelViewModel(new StudySession(), lab.workbench(), desk, desk, new RememberedFolders());

    private String look(String folder) {
        model.memory().look(folder);
        desk.work();
        return model.memory().sentenceProperty().get();
    }

    @Test
    void theSentenceFollowsTheChoices() {
        String folder = lab.folder("llama").toString();
        String stored = look(folder);
        assertThat(stored).startsWith("Its weights take about").contains("are free");
        model.choices().quantizationProperty().set(WeightQuantization.NF4);
        desk.work();
        assertThat(model.memory().sentenceProperty().get())
                .startsWith("Its weights take about")
                .isNotEqualTo(stored);
        model.choices().loadingProperty().set(Loading.LAYERS);
        desk.work();
        assertThat(model.memory().sentenceProperty().get()).startsWith("Used layer by layer");
        model.choices().loadingProperty().set(Loading.NONE);
        desk.work();
        assertThat(model.memory().sentenceProperty().get()).isEmpty();
    }

    @Test
    void nothingIsSaidOfAModelThatCannotBeRead() {
        assertThat(look(home.resolve("missing").toString())).isEmpty();
        assertThat(look(lab.folder("llama").toString())).isNotEmpty();
        model.memory().look(null);
        assertThat(model.memory().sentenceProperty().get()).isEmpty();
    }

    @Test
    void whatIsSaidIsWhatAnOpenModelSays() {
        for (WeightQuantization quantization : WeightQuantization.values()) {
            ModelSettings settings = new ModelSettings(
                    lab.folder("llama").toString(), "cpu", ComputeType.F32, Loading.WHOLE, quantization, false);
            MemoryNeed said = lab.workbench().memory(settings, Progress.none());
            try (OpenModel open = lab.workbench().openModel(settings, new PauseSwitch(), Progress.none())) {
                assertThat((double) said.whole() / open.card().memory().whole())
                        .as(quantization.id())
                        .isBetween(0.99, 1.01);
                assertThat((double) said.layers() / open.card().memory().layers())
                        .as("%s, by layers", quantization.id())
                        .isBetween(0.99, 1.01);
            }
        }
    }
}
