package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import javafx.scene.control.ChoiceBox;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import org.junit.jupiter.api.Test;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.gradient.GradientScores;
import org.layerwise.analysis.similarity.Cosine;
import org.layerwise.chart.ranking.ImportanceOverlayChart;
import org.layerwise.chart.ranking.RankingChart;
import org.layerwise.chart.style.ColourMap;

/** Chooses measures, looks at their results and reads the heatmap, on a tiny model. */
class MeasuresUiTest extends WindowTest {

    @Test
    void measuresAreChosenBeforeTheFirstAnalysis() throws Exception {
        pace.set(200);
        clickOn("#welcome-sample");
        await("it runs", () -> visible("#cancel-analysis"));
        clickOn("#cancel-analysis");
        await("it has stopped", () -> visible("#analyze-first"));
        pace.set(5);
        clickOn("#measures");
        clickOn("#measure-rbf-cka");
        clickOn("#measure-cka");
        assertThat(words("#measures")).isEqualTo("Measure: RBF CKA");
        new Pictures(this).both("27-before");
        clickOn("#analyze-first");
        await("it is done", () -> words("#analysis-title").endsWith("analysis 1"));
        moveTo(cellOfHeatmap(6, 5));
        await("its values are read", () -> words("#heatmap-readout").contains("· RBF CKA 0."));
    }

    @Test
    void severalMeasuresWithTheirCertainty() throws Exception {
        analyzeSample();
        clickOn("#measures");
        await("they can be chosen", () -> visible("#measure-panel"));
        Pictures pictures = new Pictures(this);
        clickOn("#measure-debiased-cka");
        clickOn("#measure-cosine");
        clickOn("#measure-gradient-norm");
        clickOn("#resample");
        assertThat(((ToggleButton) lookup("#measures").query()).getText()).isEqualTo("Measures: CKA + 3");
        pictures.both("20-measures");
        clickOn("#measures");
        clickOn("#analyze");
        await("the second analysis is done", () -> words("#analysis-title").endsWith("analysis 2"));
        closeNotices();
        await("intervals are judged", () -> words("#trust-remark").contains("resamples select"));
        assertThat(words("#trust-remark"))
                .as("what the intervals cover stands beside them")
                .contains("the value of all the rows that these are a random sample of");
        moveTo("#navigator");
        pictures.both("21-uncertain");

        clickOn(cellOfHeatmap(6, 5));
        await("the pair is kept", () -> words("#pair-detail").contains("importance of layer 5"));
        moveTo("#navigator");
        pictures.both("22-kept-pair");
        clickOn("#pair-close");
        await("it is let go", () -> words("#pair-detail").startsWith("Click a cell"));

        show(GradientScores.GRADIENT_NORM);
        await("there is no heatmap", () -> visible("#no-heatmap"));
        assertThat(visible("#heatmap")).isFalse();
        pictures.both("23-gradients");
        show(Cosine.MEASURE);
        await("there is one again", () -> visible("#heatmap"));
        interact(() -> colours().setValue(ColourMap.CIVIDIS));
        pictures.both("24-cosine-cividis");

        clickOn("#view-overlay");
        await("lines are drawn", () -> visible("#overlay"));
        pictures.both("25-overlay");
        assertThat(entity("#overlay", entity -> ImportanceOverlayChart.layerOf(entity)
                        .isPresent()))
                .isPresent();
        clickOn("#view-single");
        await("the heatmap is back", () -> visible("#heatmap"));
    }

    @Test
    void aDragOverTheHeatmapSelectsItsLayers() throws Exception {
        analyzeSample();
        drag(cellOfHeatmap(3, 3), MouseButton.PRIMARY)
                .moveTo(cellOfHeatmap(5, 5))
                .moveTo(cellOfHeatmap(7, 7));
        await("it says which", () -> words("#heatmap-readout").startsWith("Layers 3–6"));
        new Pictures(this).both("26-block");
        drop();
        await("they are selected", () -> words("#selection-count").equals("4 of 12 layers"));
        assertThat(words("#selection-rule")).isEqualTo("chosen by hand");
        push(KeyCode.CONTROL, KeyCode.Z);
        await("that is taken back", () -> words("#selection-count").equals("6 of 12 layers"));
    }

    @Test
    void theHeatmapIsUsedByKeys() {
        analyzeSample();
        interact(() -> lookup("#heatmap").query().requestFocus());
        push(KeyCode.RIGHT);
        push(KeyCode.RIGHT);
        push(KeyCode.ENTER);
        await("the pair is kept", () -> words("#pair-detail").startsWith("States 0 (embeddings) ↔ 1"));
        push(KeyCode.UP);
        push(KeyCode.UP);
        await("the next layer is read", () -> words("#heatmap-readout").startsWith("Layer 1, input"));
        boolean before = words("#ranking-readout").contains("not selected");
        push(KeyCode.SPACE);
        await("it changes sides", () -> words("#ranking-readout").contains("not selected") != before);
        push(KeyCode.SHIFT, KeyCode.UP);
        push(KeyCode.SHIFT, KeyCode.UP);
        await("a block is framed", () -> words("#heatmap-readout").startsWith("Layers 2, 3"));
        push(KeyCode.ENTER);
        await("its layers are selected", () -> words("#selection-count").equals("2 of 12 layers"));
        push(KeyCode.ESCAPE);
        await("the pair is let go", () -> words("#pair-detail").startsWith("Click a cell"));
    }

    private void analyzeSample() {
        clickOn("#welcome-sample");
        await(
                "the analysis is done",
                () -> words("#selection-count").equals("6 of 12 layers")
                        && words("#task-message").startsWith("Nothing"));
        await("the bars are drawn", () -> entity(
                        "#ranking", found -> RankingChart.layerOf(found).isPresent())
                .isPresent());
        closeNotices();
    }

    @SuppressWarnings("unchecked")
    private void show(Measure measure) {
        interact(() -> ((ChoiceBox<Measure>) lookup("#shown-measure").query()).setValue(measure));
    }

    @SuppressWarnings("unchecked")
    private ChoiceBox<ColourMap> colours() {
        return (ChoiceBox<ColourMap>) lookup("#colour-map").query();
    }
}
