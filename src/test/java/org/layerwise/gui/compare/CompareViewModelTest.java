package org.layerwise.gui.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.gradient.GradientScores;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.analysis.similarity.Rsa;
import org.layerwise.chart.heatmap.HeatmapChart;
import org.layerwise.gui.ChosenFiles;
import org.layerwise.gui.Desk;
import org.layerwise.gui.RememberedExports;
import org.layerwise.gui.TinyLab;
import org.layerwise.gui.chart.FigureExporter;
import org.layerwise.gui.common.ExportOptions;
import org.layerwise.gui.common.Sheet;
import org.layerwise.gui.compare.CompareViewModel.Side;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.gui.session.SelectionViewModel;
import org.layerwise.gui.session.StudySession;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.testing.SimilarityTable;
import org.layerwise.testing.TinyModels;

class CompareViewModelTest {

    @TempDir
    static Path home;

    private final TinyLab lab = new TinyLab(home);
    private final Desk desk = new Desk();
    private final ChosenFiles chosen = new ChosenFiles();
    private final StudySession session = new StudySession();
    private final SelectionViewModel selection = lab.selection(session);
    private final CompareViewModel compare = new CompareViewModel(
            session, selection, new FigureExporter(desk, chosen, desk, new RememberedExports(), () -> false));

    @Test
    void theFirstMeasuresOfEquallyDeepModelsAreComparedByThemselves() {
        assertThat(compare.candidates()).isEmpty();
        add("sample", null, LinearCka.MEASURE, GradientScores.FISHER);
        assertThat(compare.mistakeProperty().get()).isEqualTo("Choose two or more to compare");
        add("sample", Position.MEAN, LinearCka.MEASURE);
        add("llama", null, LinearCka.MEASURE);
        assertThat(compare.candidates())
                .extracting(candidate -> candidate.chosenProperty().get())
                .containsExactly(true, false, true, false);
        assertThat(compare.mistakeProperty().get()).isEmpty();
        assertThat(compare.rankingsProperty().get().subjects())
                .extracting(Subject::label)
                .containsExactly("1 · definitions · CKA", "2 · definitions · CKA");
        compare.candidates().get(3).chosenProperty().set(true);
        assertThat(compare.mistakeProperty().get())
                .isEqualTo("The chosen analyses have 12 and 32 layers; only models with equally many can be compared");
        assertThat(compare.rankingsProperty().get()).isNull();
        assertThat(compare.pairingProperty().get()).isNull();
    }

    @Test
    void theTableHasImportanceRankAndProposalOfEach() {
        AnalysisEntry entry = add("sample", null, LinearCka.MEASURE, GradientScores.FISHER);
        compare.candidates().get(1).chosenProperty().set(true);
        Sheet sheet = compare.rankingsProperty().get().layersSheet();
        assertThat(sheet.columns()).hasSize(10);
        assertThat(sheet.rows().get(0))
                .as("layer 0 is undefined by CKA")
                .startsWith(Sheet.Cell.of("0"), Sheet.Cell.NONE, Sheet.Cell.NONE);
        var importance = entry.analysis().importance();
        int best = importance.ranking(entry.analysis().settings().undefined()).get(0);
        List<Sheet.Cell> row = sheet.rows().get(best);
        assertThat(row.get(1).exact())
                .isEqualTo(String.valueOf(importance.of(best).orElseThrow()));
        assertThat(row.get(2).exact()).isEqualTo("1");
        assertThat(row.get(3).exact()).isEqualTo("1");
        assertThat(sheet.rows().stream().filter(cells -> cells.get(6).exact().equals("1")))
                .hasSize(6);
        assertThat(compare.paired()).as("Fisher has no matrix").isEmpty();
        assertThat(compare.unpairedProperty().get())
                .isEqualTo("1 · definitions · CKA has no partner: no other chosen heatmap shows CKA.\n"
                        + "1 · definitions · Fisher has no heatmap: it is one value per layer.");
        assertThat(compare.pairingProperty().get()).isNull();
    }

    @Test
    void theDifferenceIsTheFirstLessTheSecond() {
        AnalysisEntry one = add("sample", null, LinearCka.MEASURE);
        AnalysisEntry other = add("sample", Position.MEAN, LinearCka.MEASURE);
        Pairing pairing = compare.pairingProperty().get();
        double a = one.analysis().primary().similarity().value(5, 6).orElseThrow();
        double b = other.analysis().primary().similarity().value(5, 6).orElseThrow();
        assertThat(b).isNotEqualTo(a);
        assertThat(pairing.difference().value(5, 6).orElseThrow()).isCloseTo(a - b, within(1e-15));
        assertThat(pairing.difference().value(0, 3)).as("undefined in both").isEmpty();
        assertThat(pairing.readout(new HeatmapChart.Pair(5, 6)))
                .isEqualTo("States 5 ↔ 6 · A %s · B %s · A less B %s".formatted(a, b, a - b));
        assertThat(pairing.readout(new HeatmapChart.Pair(0, 3))).contains("Undefined: Every example starts");
        assertThat(pairing.summary()).startsWith("Most different is layer ");
        compare.swap();
        assertThat(compare.pairingProperty().get().difference().value(5, 6).orElseThrow())
                .isCloseTo(b - a, within(1e-15));
        assertThat(compare.firstProperty().get().entry()).isEqualTo(other);
    }

    @Test
    void theRatioAtWhichAnalysesOfDifferentRatiosSelectIsSaid() {
        add("sample", 0.25, null, LinearCka.MEASURE);
        add("sample", 0.5, Position.MEAN, LinearCka.MEASURE);
        Rankings rankings = compare.rankingsProperty().get();

        assertThat(rankings.summary())
                .startsWith("At a ratio of 0.25, together they select layers")
                .endsWith("The analyses propose at different ratios (0.25, 0.5); here all select at that of the first."
                        + " The analyses have different settings: position (first, mean); these change the"
                        + " results, too.");
        assertThat(rankings.pairs().columns().get(3).tip()).endsWith("both at a ratio of 0.25");
        assertThat(rankings.layersSheet().columns().get(6).tip()).endsWith("at the common ratio of 0.25");
    }

    @Test
    void heatmapsOfDifferentMeasuresHaveNoDifference() {
        add("sample", null, LinearCka.MEASURE, Rsa.MEASURE);
        add("sample", Position.MEAN, Rsa.MEASURE);
        assertThat(compare.rankingsProperty().get()).isNotNull();
        assertThat(compare.pairingProperty().get()).isNull();
        compare.candidates().get(1).chosenProperty().set(true);
        assertThat(compare.paired()).hasSize(2);
        assertThat(compare.unpairedProperty().get()).startsWith("1 · definitions · CKA has no partner");
        assertThat(compare.firstProperty().get().label()).isEqualTo("1 · definitions · RSA");
        assertThat(compare.pairingProperty().get()).isNotNull();
    }

    @Test
    void theConsensusIsSelectedOfAnAnalysisThatWasSavedMeanwhile() {
        AnalysisEntry one = add("sample", null, LinearCka.MEASURE);
        add("sample", Position.MEAN, LinearCka.MEASURE);
        session.replace(one, new AnalysisEntry(one.number(), one.analysis(), Path.of("saved")));
        session.analysisProperty().set(null);
        compare.useConsensus();
        assertThat(session.analyses()).contains(session.analysisProperty().get());
        assertThat(session.analysisProperty().get().folder()).isEqualTo(Path.of("saved"));
    }

    @Test
    void agreementIsThatOfTheComparisonAndItsConsensusIsSelected() {
        AnalysisEntry one = add("sample", null, LinearCka.MEASURE);
        add("sample", Position.MEAN, LinearCka.MEASURE);
        Rankings rankings = compare.rankingsProperty().get();
        assertThat(rankings.pairs().rows()).hasSize(1);
        double tau = rankings.comparison().kendall()[0][1];
        assertThat(tau).isBetween(0.0, 0.999);
        assertThat(rankings.pairs().rows().get(0).get(1).exact()).isEqualTo(String.valueOf(tau));
        var together = rankings.comparison().consensusSelection().layers();
        assertThat(together).hasSize(6);
        assertThat(rankings.summary())
                .startsWith("At a ratio of 0.5, together they select layers")
                .contains("(6 of 12)");
        assertThat(selection.selectionProperty().get()).isNull();
        compare.useConsensus();
        assertThat(session.analysisProperty().get()).isEqualTo(one);
        assertThat(selection.selectionProperty().get().layers()).isEqualTo(together);
        int votes = rankings.layersSheet().columns().size() - 3;
        assertThat(rankings.layersSheet().rows().get(11).get(votes).exact())
                .isEqualTo(String.valueOf(rankings.comparison().votes().get(11)));
    }

    @Test
    void savingAndClosingKeepsWhatIsChosen() {
        AnalysisEntry one = add("sample", null, LinearCka.MEASURE, GradientScores.FISHER);
        add("sample", Position.MEAN, LinearCka.MEASURE);
        compare.candidates().get(1).chosenProperty().set(true);
        session.replace(one, new AnalysisEntry(one.number(), one.analysis(), Path.of("saved")));
        assertThat(compare.candidates())
                .extracting(candidate -> candidate.chosenProperty().get())
                .containsExactly(true, true, true);
        session.close(session.analyses().get(1));
        assertThat(compare.rankingsProperty().get().subjects()).hasSize(2);
        session.close(session.analyses().get(0));
        assertThat(compare.candidates()).isEmpty();
        assertThat(compare.rankingsProperty().get()).isNull();
    }

    @Test
    void chartsAndTablesAreWritten(@TempDir Path folder) throws Exception {
        assertThat(compare.overlayFigure()).as("nothing to export yet").isNull();
        assertThat(compare.heatmapFigure(Side.DIFFERENCE)).isNull();
        assertThat(compare.figures()).isEmpty();
        add("sample", null, LinearCka.MEASURE);
        add("sample", Position.MEAN, LinearCka.MEASURE);
        desk.export = ExportOptions.png(90, 80, 96, true);
        for (Side side : Side.values()) {
            Path file = folder.resolve(side + ".png");
            chosen.choose(file);
            compare.exports().export(compare.heatmapFigure(side));
            desk.work();
            assertThat(ImageIO.read(file.toFile()).getWidth()).isEqualTo(ExportOptions.dots(90, 96));
        }
        chosen.choose(folder.resolve("overlay.png"));
        compare.exports().export(compare.overlayFigure());
        desk.work();
        assertThat(folder.resolve("overlay.png")).isNotEmptyFile();
        chosen.choose(folder.resolve("agreement.png"));
        compare.exports().export(compare.agreementFigure());
        desk.work();
        assertThat(folder.resolve("agreement.png")).isNotEmptyFile();
        desk.export = desk.export.as(ExportOptions.Format.CSV);
        chosen.choose(folder.resolve("agreement.csv"));
        compare.exports().export(compare.agreementFigure());
        desk.work();
        assertThat(Files.readAllLines(folder.resolve("agreement.csv"))).hasSize(2);
        chosen.choose(folder.resolve("difference.csv"));
        compare.exports().export(compare.heatmapFigure(Side.DIFFERENCE));
        desk.work();
        assertThat(SimilarityTable.read(folder.resolve("difference.csv")).value(5, 6))
                .isEqualTo(compare.pairingProperty().get().difference().value(5, 6));
        chosen.choose(folder.resolve("layers.csv"));
        compare.exports().export(compare.overlayFigure());
        desk.work();
        assertThat(Files.readAllLines(folder.resolve("layers.csv"))).hasSize(TinyModels.LAYERS + 1);
        assertThat(desk.problems()).isEmpty();
        assertThat(compare.figures())
                .extracting(figure -> figure.kind())
                .containsExactly("overlay", "agreement", "agreement", "agreement", "heatmap", "heatmap", "heatmap");
    }

    private AnalysisEntry add(String model, @Nullable Position position, Measure... measures) {
        return add(model, AnalysisSettings.DEFAULT_RATIO, position, measures);
    }

    private AnalysisEntry add(String model, double ratio, @Nullable Position position, Measure... measures) {
        AnalysisSettings plain = AnalysisSettings.defaults();
        AnalysisSettings settings = new AnalysisSettings(
                        position,
                        ratio,
                        plain.undefined(),
                        plain.name(),
                        List.of(LinearCka.MEASURE),
                        MeasureOptions.DEFAULTS,
                        0,
                        0,
                        AnalysisSettings.defaults().seed())
                .with(List.of(measures));
        return session.add(lab.analyze(lab.open(model), DataSettings.of("sample:definitions"), settings), null);
    }
}
