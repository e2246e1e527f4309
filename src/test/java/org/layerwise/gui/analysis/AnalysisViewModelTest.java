package org.layerwise.gui.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javafx.beans.property.SimpleObjectProperty;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.Progress;
import org.layerwise.gui.ChosenFiles;
import org.layerwise.gui.Desk;
import org.layerwise.gui.InventedEngine;
import org.layerwise.gui.dialog.ExportOptions;
import org.layerwise.gui.selection.SelectionViewModel;
import org.layerwise.gui.session.StudySession;
import org.layerwise.study.Analysis;
import org.layerwise.study.DataSettings;

class AnalysisViewModelTest {

    private final InventedEngine engine = new InventedEngine(0);
    private final Desk desk = new Desk();
    private final StudySession session = new StudySession();
    private final AnalysisViewModel analysis = new AnalysisViewModel(session, desk, desk, desk);

    @BeforeEach
    void open() {
        DataSettings data = DataSettings.of("sample:definitions");
        session.modelProperty().set(engine.model("sample"));
        session.dataProperty().set(new StudySession.OpenData(data, engine.openData(data, Progress.none())));
    }

    @Test
    void theHeatmapFillsAsItArrives() {
        List<SimilarityMatrix> seen = new ArrayList<>();
        analysis.matrixProperty().addListener((observable, was, is) -> {
            if (is != null) {
                seen.add(is);
            }
        });
        analysis.analyze();
        assertThat(analysis.runningProperty().get()).isTrue();
        assertThat(analysis.ready().get()).isFalse();
        desk.work();
        assertThat(seen).hasSizeGreaterThanOrEqualTo(13);
        assertThat(analysis.runningProperty().get()).isFalse();
        assertThat(session.analyses()).hasSize(1);
        assertThat(analysis.matrixProperty().get())
                .isEqualTo(session.analysisProperty().get().analysis().primary().similarity());
        assertThat(desk.notices()).containsExactly("Analysis finished");
    }

    @Test
    void theFirstLayerOfADecoderIsNotTakenAtItsWord() {
        session.modelProperty().set(engine.model("llama"));
        analysis.analyze();
        desk.work();
        Analysis done = session.analysisProperty().get().analysis();
        assertThat(done.position()).isEqualTo(Position.LAST);
        assertThat(analysis.readout(done.importance(), 0, "")).contains("last token alone");
        assertThat(analysis.readout(done.importance(), 1, "")).doesNotContain("last token alone");
    }

    @Test
    void aCancelledAnalysisLeavesTheLastOne() {
        analysis.analyze();
        desk.work();
        SimilarityMatrix before = analysis.matrixProperty().get();
        analysis.analyze();
        analysis.cancel();
        desk.work();
        assertThat(session.analyses()).hasSize(1);
        assertThat(analysis.matrixProperty().get()).isSameAs(before);
        assertThat(desk.problems()).isEmpty();
        assertThat(analysis.ready().get()).isTrue();
    }

    @Test
    void aFailedAnalysisKeepsTheLastResultAndCanBeTriedAgain() {
        analysis.analyze();
        desk.work();
        engine.fail(true);
        analysis.analyze();
        desk.work();
        assertThat(analysis.problemProperty().get()).isNotNull();
        assertThat(analysis.matrixProperty().get()).isNotNull();
        engine.fail(false);
        analysis.problemProperty().get().retry().run();
        desk.work();
        assertThat(analysis.problemProperty().get()).isNull();
        assertThat(session.analyses()).hasSize(2);
    }

    @Test
    void aResultForAModelThatIsGoneIsKeptButNotShown() {
        analysis.analyze();
        session.modelProperty().set(engine.model("other"));
        desk.work();
        assertThat(session.analyses()).hasSize(1);
        assertThat(session.analysisProperty().get()).isNull();
    }

    @Test
    void cellsSayTheirPairAndExactValue() {
        analysis.analyze();
        desk.work();
        double value = analysis.matrixProperty().get().value(5, 6).orElseThrow();
        assertThat(analysis.readout(new AnalysisViewModel.Cell(6, 5)))
                .startsWith("Layer 5, input ↔ output")
                .endsWith(String.valueOf(value));
        assertThat(analysis.readout(new AnalysisViewModel.Cell(0, 3)))
                .startsWith("States 0 (embeddings) ↔ 3 (after layer 2)")
                .contains("Undefined: Every input starts with the same token");
        assertThat(analysis.readout(session.analysisProperty().get().analysis().importance(), 0, ""))
                .startsWith("Layer 0 · Undefined:");
    }

    @Test
    void pictureHasTheSizeThatWasAskedFor(@TempDir Path folder) throws Exception {
        SelectionViewModel selection =
                new SelectionViewModel(session, new SimpleObjectProperty<>(8), new SimpleObjectProperty<>(List.of()));
        ChosenFiles files = new ChosenFiles();
        ChartFiles charts = new ChartFiles(analysis, selection, desk, files, desk, () -> true);
        charts.exportHeatmap();
        assertThat(desk.waiting()).as("nothing to export yet").isZero();
        analysis.analyze();
        desk.work();
        files.choose(folder.resolve("heat.png"));
        desk.export = new ExportOptions(100, 80, 300, true);
        charts.exportHeatmap();
        desk.work();
        assertThat(desk.problems()).isEmpty();
        BufferedImage heatmap = ImageIO.read(folder.resolve("heat.png").toFile());
        assertThat(heatmap.getWidth()).isCloseTo(ExportOptions.dots(100, 300), offset(2));
        assertThat(heatmap.getHeight()).isCloseTo(ExportOptions.dots(80, 300), offset(2));
        files.choose(folder.resolve("bars.png"));
        charts.exportRanking();
        desk.work();
        assertThat(folder.resolve("bars.png")).isNotEmptyFile();
        assertThat(desk.problems()).isEmpty();
    }
}
