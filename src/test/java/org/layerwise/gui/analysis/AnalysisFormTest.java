package org.layerwise.gui.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.gradient.GradientScores;
import org.layerwise.analysis.similarity.Cosine;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.analysis.similarity.RbfCka;
import org.layerwise.analysis.similarity.Rsa;
import org.layerwise.gui.analysis.AnalysisViewModel.Cell;
import org.layerwise.settings.AnalysisSettings;

class AnalysisFormTest {

    private final AnalysisForm form = new AnalysisForm();

    @Test
    void asksForThePapersMeasureAlone() {
        assertThat(form.settings()).isEqualTo(AnalysisSettings.defaults());
    }

    @Test
    void theMeasureThatRanksIsFirstAndOneAlwaysStays() {
        form.ask(LinearCka.MEASURE, false);
        assertThat(form.measuresProperty().get()).containsExactly(LinearCka.MEASURE);
        form.ask(Rsa.MEASURE, true);
        form.ask(Cosine.MEASURE, true);
        form.ask(Cosine.MEASURE, true);
        assertThat(form.measuresProperty().get()).containsExactly(LinearCka.MEASURE, Cosine.MEASURE, Rsa.MEASURE);
        form.rankBy(Rsa.MEASURE);
        assertThat(form.measuresProperty().get()).containsExactly(Rsa.MEASURE, LinearCka.MEASURE, Cosine.MEASURE);
        form.ask(Rsa.MEASURE, false);
        assertThat(form.measuresProperty().get()).containsExactly(LinearCka.MEASURE, Cosine.MEASURE);
    }

    @Test
    void resamplingIsOffUntilAskedFor() {
        assertThat(form.settings().bootstrap()).isZero();
        form.resampleProperty().set(true);
        assertThat(form.settings().bootstrap()).isEqualTo(1000);
        assertThat(form.settings().permutations()).isEqualTo(100);
    }

    @Test
    void settingsFromAFileComeBackAsTheyWere() {
        AnalysisSettings settings = new AnalysisSettings(
                Position.MEAN,
                0.25,
                UndefinedLayers.INCLUDE,
                "rte",
                List.of(RbfCka.MEASURE, GradientScores.FISHER),
                new MeasureOptions(0.4, 0.9, 64),
                500,
                0,
                7);
        form.take(settings);
        assertThat(form.settings()).isEqualTo(settings);
        form.take(AnalysisSettings.defaults());
        assertThat(form.settings()).isEqualTo(AnalysisSettings.defaults());
    }

    @Test
    void aBlockOfTheHeatmapIsTheLayersAlongItsLongerSide() {
        assertThat(HeatmapGestures.layers(new Cell(3, 3), new Cell(6, 6))).isEqualTo(new TreeSet<>(List.of(3, 4, 5)));
        assertThat(HeatmapGestures.layers(new Cell(6, 3), new Cell(3, 2))).isEqualTo(new TreeSet<>(List.of(3, 4, 5)));
        assertThat(HeatmapGestures.layers(new Cell(1, 9), new Cell(1, 7))).isEqualTo(new TreeSet<>(List.of(7, 8)));
        assertThat(HeatmapGestures.layers(new Cell(4, 4), new Cell(4, 4))).isEmpty();
    }
}
