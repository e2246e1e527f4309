package org.layerwise.gui.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.gradient.GradientScores;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.analysis.uncertainty.Uncertainty.OverlapAt;
import org.layerwise.analysis.uncertainty.UnrelatedSimilarity;
import org.layerwise.gui.ChosenFiles;
import org.layerwise.gui.Desk;
import org.layerwise.gui.RememberedExports;
import org.layerwise.gui.TinyLab;
import org.layerwise.gui.chart.FigureExporter;
import org.layerwise.gui.common.ExportOptions;
import org.layerwise.gui.common.Sheet;
import org.layerwise.gui.session.StudySession;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.MeasureResult;
import org.layerwise.testing.TinyModels;

class StabilityViewModelTest {

    @TempDir
    static Path home;

    private static final DataSettings DATA = DataSettings.of("sample:definitions");

    private final TinyLab lab = new TinyLab(home);
    private final Desk desk = new Desk();
    private final ChosenFiles chosen = new ChosenFiles();
    private final StudySession session = new StudySession();
    private final AnalysisViewModel analysis = lab.analysis(session, desk);
    private final StabilityViewModel stability = new StabilityViewModel(
            session, analysis, new FigureExporter(desk, chosen, desk, new RememberedExports(), () -> false));

    @BeforeEach
    void open() {
        session.modelProperty().set(lab.open("sample"));
        session.dataProperty().set(lab.data(DATA));
    }

    @Test
    void anAnalysisThatWasNotResampledSaysNothingUntilItIsAskedTo() {
        analysis.analyze();
        desk.work();
        assertThat(stability.stabilityProperty().get()).isNull();
        assertThat(stability.layers().getValue().rows()).isEmpty();
        analysis.form().replicatesProperty().set(300);
        stability.analyze();
        desk.work();
        assertThat(session.analyses()).hasSize(2);
        Stability found = stability.stabilityProperty().get();
        assertThat(found.uncertainty().replicates()).isEqualTo(300);
        assertThat(found.overlap())
                .isEqualTo(
                        "Drawn anew 300 times, 4.8 of the 6 layers that ratio 0.5 proposes are chosen again on average.");
        session.analysisProperty().set(session.analyses().get(0));
        assertThat(stability.stabilityProperty().get()).isNull();
    }

    @Test
    void eachLayerHasItsRowAndFilesHaveAllDigits() {
        stability.analyze();
        desk.work();
        Stability found = stability.stabilityProperty().get();
        Sheet layers = found.layers();
        assertThat(layers.rows()).hasSize(TinyModels.LAYERS);
        assertThat(layers.columns()).extracting(Sheet.Column::name).contains("selection_probability", "unrelated_95");
        assertThat(layers.rows().get(0).get(3)).isEqualTo(Sheet.Cell.NONE);
        double importance = found.result().importance().of(5).orElseThrow();
        assertThat(layers.csv().lines().toList().get(6))
                .contains("," + importance + ",")
                .startsWith("5,");
        long proposed = layers.rows().stream()
                .filter(row -> row.get(1).exact().equals("1"))
                .count();
        assertThat(proposed).isEqualTo(found.proposed().size());
    }

    @Test
    void chartsAndTablesAreWritten(@TempDir Path folder) throws Exception {
        assertThat(stability.curveFigure()).as("nothing to export yet").isNull();
        assertThat(stability.figures()).isEmpty();
        stability.analyze();
        desk.work();
        desk.export = ExportOptions.png(100, 60, 96, false);
        chosen.choose(folder.resolve("chosen.png"));
        stability.exports().export(stability.probabilityFigure());
        desk.work();
        chosen.choose(folder.resolve("samples.png"));
        stability.exports().export(stability.curveFigure());
        desk.work();
        assertThat(ImageIO.read(folder.resolve("chosen.png").toFile()).getWidth())
                .isEqualTo(ExportOptions.dots(100, 96));
        assertThat(ImageIO.read(folder.resolve("samples.png").toFile()).getHeight())
                .isEqualTo(ExportOptions.dots(60, 96));
        desk.export = desk.export.as(ExportOptions.Format.CSV);
        chosen.choose(folder.resolve("layers.csv"));
        stability.exports().export(stability.probabilityFigure());
        desk.work();
        assertThat(folder.resolve("layers.csv"))
                .hasContent(stability.layers().getValue().csv());
        chosen.choose(folder.resolve("samples.csv"));
        stability.exports().export(stability.curveFigure());
        desk.work();
        assertThat(Files.readString(folder.resolve("samples.csv")))
                .startsWith("samples,overlap,overlap_5,overlap_95\n8,");
        assertThat(desk.problems()).isEmpty();
    }

    @Test
    void samplesWereEnoughIfHalfOfThemFindNineInTen() {
        List<OverlapAt> curve = List.of(at(128, 0.8), at(256, 0.93), at(512, 1));
        assertThat(found(curve, null).samples())
                .isEqualTo("512 rows were enough: from 256 on, at least 90\u00a0% of the proposed layers are found.");
        assertThat(found(List.of(at(128, 0.95), at(256, 0.85), at(512, 1)), null)
                        .samples())
                .as("a lucky draw before does not count")
                .isEqualTo("512 rows may be too few: 256 of them find 85\u00a0% of the proposed layers. Use more.");
        assertThat(found(List.of(at(512, 1)), null).samples()).isEmpty();
    }

    @Test
    void layersThatAreNoMoreSimilarThanUnrelatedDataAreNamed() {
        assertThat(found(List.of(), null).unrelated()).isEmpty();
        assertThat(found(List.of(), levels(0.1)).unrelated()).endsWith("every layer is above that.");
        // of a layer of the tiny model: 0.98 - 0.1 |sin 2.1 layer|
        assertThat(found(List.of(), levels(0.893)).unrelated())
                .isEqualTo(
                        "In 95 % of permutations, unrelated data have a similarity of at most 0.893; layers 2, 5, 8, 11 are not above that.");
    }

    @Test
    void measuresAreLookedAtOneByOne() {
        Analysis both = lab.analyze(
                session.modelProperty().get(), DATA, resampled(List.of(LinearCka.MEASURE, GradientScores.FISHER)));
        session.analysisProperty().set(session.add(both, null));
        assertThat(stability.layers().getValue().columns()).hasSize(9);
        session.resultProperty().set(both.results().get(1));
        assertThat(stability.layers().getValue().columns()).as("no baseline").hasSize(6);
        assertThat(stability.stabilityProperty().get().result().measure()).isEqualTo(GradientScores.FISHER);
    }

    private Stability found(List<OverlapAt> curve, UnrelatedSimilarity baseline) {
        Analysis done = lab.analyze(session.modelProperty().get(), DATA, resampled(List.of(LinearCka.MEASURE)));
        MeasureResult first = done.primary();
        Uncertainty all = first.uncertainty();
        Uncertainty cut = new Uncertainty(
                all.replicates(),
                all.level(),
                all.seed(),
                all.kind(),
                all.intervals(),
                all.selected(),
                all.expectedOverlap(),
                curve);
        return Stability.of(
                done, new MeasureResult(first.measure(), first.similarity(), first.importance(), cut, baseline), cut);
    }

    private static UnrelatedSimilarity levels(double high) {
        return new UnrelatedSimilarity(
                10, 1, Collections.nCopies(TinyModels.LAYERS, new UnrelatedSimilarity.Level(high - 0.05, high)));
    }

    private static AnalysisSettings resampled(List<Measure> measures) {
        AnalysisSettings plain = AnalysisSettings.defaults();
        return new AnalysisSettings(
                null, plain.ratio(), plain.undefined(), null, measures, plain.options(), 200, 20, plain.seed());
    }

    private static OverlapAt at(int samples, double overlap) {
        return new OverlapAt(samples, overlap, overlap - 0.1, 1);
    }
}
