package org.layerwise.gui.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.analysis.gradient.GradientScores;
import org.layerwise.analysis.similarity.Cosine;
import org.layerwise.chart.ranking.ImportanceOverlayChart;
import org.layerwise.gui.Desk;
import org.layerwise.gui.TinyLab;
import org.layerwise.gui.session.StudySession;
import org.layerwise.settings.DataSettings;

class OverlayViewModelTest {

    @TempDir
    static Path home;

    private final TinyLab lab = new TinyLab(home);
    private final Desk desk = new Desk();
    private final StudySession session = new StudySession();
    private final AnalysisViewModel analysis = lab.analysis(session, desk);
    private final OverlayViewModel overlay = analysis.overlay();

    @BeforeEach
    void open() {
        session.modelProperty().set(lab.open("sample"));
        data("sample:definitions");
    }

    @Test
    void showsTheMeasuresOfOneAnalysisScaledWhereTheirUnitsDiffer() {
        assertThat(overlay.overlayProperty().get().series()).isEmpty();
        analysis.form().ask(Cosine.MEASURE, true);
        analyze();
        assertThat(labels()).containsExactly("1 − CKA", "1 − cosine");
        assertThat(overlay.overlayProperty().get().scaled()).isFalse();
        analysis.form().ask(GradientScores.FISHER, true);
        analyze();
        assertThat(labels()).containsExactly("1 − CKA", "1 − cosine", "Fisher");
        assertThat(overlay.overlayProperty().get().scaled()).isTrue();
        overlay.scaledProperty().set(false);
        assertThat(overlay.overlayProperty().get().scaled()).isFalse();
    }

    @Test
    void showsTasksByTheMeasureThatIsLookedAt() {
        analysis.form().ask(Cosine.MEASURE, true);
        analyze();
        data("sample:acceptability");
        analyze();
        session.modelProperty().set(lab.open("llama"));
        analyze();
        session.analysisProperty().set(session.analyses().get(1));
        overlay.overProperty().set(OverlayViewModel.Over.ANALYSES);
        // the third model has other layers
        assertThat(labels())
                .containsExactly("1 · bge-small-en-v1.5 · definitions", "2 · bge-small-en-v1.5 · acceptability");
        assertThat(overlay.overlayProperty().get().quantity()).isEqualTo("Importance (1 − CKA)");
        assertThat(overlay.overlayProperty().get().scaled()).isFalse();
        analysis.resultProperty()
                .set(session.analyses().get(1).analysis().result(Cosine.MEASURE).orElseThrow());
        assertThat(overlay.overlayProperty().get().quantity()).isEqualTo("Importance (1 − cosine)");
        assertThat(overlay.overlayProperty().get().series().get(0).importance())
                .isEqualTo(session.analyses()
                        .get(0)
                        .analysis()
                        .result(Cosine.MEASURE)
                        .orElseThrow()
                        .importance());
    }

    private void data(String name) {
        session.dataProperty().set(lab.data(DataSettings.of(name)));
    }

    private void analyze() {
        analysis.analyze();
        desk.work();
    }

    private List<String> labels() {
        return overlay.overlayProperty().get().series().stream()
                .map(ImportanceOverlayChart.Series::label)
                .toList();
    }
}
