package org.layerwise.gui.selection;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.analysis.gradient.GradientScores;
import org.layerwise.analysis.similarity.Cosine;
import org.layerwise.analysis.similarity.DebiasedCka;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.gui.ChosenFiles;
import org.layerwise.gui.Desk;
import org.layerwise.gui.TinyLab;
import org.layerwise.gui.session.SelectionViewModel;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.training.TrainingForm;
import org.layerwise.selection.ReferenceFiles;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.MeasureResult;
import org.layerwise.study.model.OpenModel;

class SelectionExportsTest {

    @TempDir
    static Path home;

    private final StudySession session = new StudySession();
    private final TrainingForm form = new TrainingForm();
    private final Desk desk = new Desk();
    private final SelectionViewModel selection = new SelectionViewModel(
            session,
            form.adapter().rank().valueProperty(),
            form.adapter().targetModules().valueProperty(),
            form.adapter().targetParameters().valueProperty(),
            form.adapter().variantProperty());
    private final SelectionExports exports = new SelectionExports(
            session,
            selection,
            new SelectionExports.Training(form::settingValues, form.values()),
            desk,
            desk,
            new ChosenFiles(),
            desk,
            Optional::empty);
    private final TinyLab lab = new TinyLab(home);
    private final OpenModel model = lab.open("sample");
    private Analysis analysis;

    @BeforeEach
    void analyzed() {
        analysis = lab.analyze(
                model,
                DataSettings.of(DataSettings.DEFINITIONS),
                AnalysisSettings.defaults()
                        .with(List.of(
                                LinearCka.MEASURE, DebiasedCka.MEASURE, Cosine.MEASURE, GradientScores.GRADIENT_NORM)));
        session.modelProperty().set(model);
        session.analysisProperty().set(session.add(analysis, null));
        exports.formatProperty().set(SelectionFormat.SIMILARITIES);
        exports.watchedProperty().set(true);
    }

    @Test
    void theSimilaritiesAreThoseOfTheMeasureShown() {
        MeasureResult second = show(1);
        assertThat(exports.previewProperty().get())
                .isEqualTo(ReferenceFiles.similarities(second.importance()))
                .isNotEqualTo(ReferenceFiles.similarities(analysis.importance()));
        MeasureResult first = show(0);
        assertThat(exports.previewProperty().get()).isEqualTo(ReferenceFiles.similarities(first.importance()));
    }

    @Test
    void aMeasureOtherThanCkaIsRefused() {
        show(2);
        assertThat(exports.previewProperty().get()).isEmpty();
        assertThat(exports.refusalProperty().get())
                .isEqualTo("This form holds CKA, and the measure shown is cosine similarity: show one of the CKA"
                        + " measures.");
        show(3);
        assertThat(exports.refusalProperty().get()).contains("gradient norm");
    }

    @Test
    void anExportForAnotherModelIsNoted() {
        show(0);
        assertThat(exports.otherModelProperty().get()).isEmpty();

        OpenModel other = lab.open("m2");
        session.modelProperty().set(other);
        session.analysisProperty().set(null);
        session.analysisProperty().set(session.add(analysis, null));
        desk.work();

        assertThat(exports.otherModelProperty().get())
                .isEqualTo(
                        "The selection was made for the model %s, but the model here is m2; its layers may not suit it."
                                .formatted(analysis.model()));
    }

    private MeasureResult show(int measure) {
        MeasureResult result = analysis.results().get(measure);
        session.resultProperty().set(result);
        desk.work();
        return result;
    }
}
