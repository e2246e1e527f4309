package org.layerwise.study.comparison;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.chart.ChartExport;
import org.layerwise.chart.heatmap.HeatmapAxes;
import org.layerwise.chart.heatmap.HeatmapChart;
import org.layerwise.chart.heatmap.SimilarityCsv;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ColourScale;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.SavedSelection;
import org.layerwise.selection.SelectionFile;
import org.layerwise.study.analysis.Analysis;

/**
 * Writes a comparison into a folder: {@code importance.csv}, {@code agreement.csv}, {@code selection.json} with the
 * layers of the consensus, and {@code difference.csv} and {@code difference-heatmap.png} of the first two rankings by
 * the same measure. Equal comparisons give equal files.
 */
public final class ComparisonFolder {

    /** Name of a consensus in a selection file, in place of a measure. */
    static final String CONSENSUS = "consensus";

    private static final double DPI = 192;

    private ComparisonFolder() {}

    /**
     * Writes the files. The selection is written only if a layer is selected, the difference only if two rankings are
     * comparable.
     *
     * @throws org.layerwise.base.UserException if the folder cannot be written
     */
    public static void write(Comparison comparison, Path out) {
        WritablePaths.requireFolder(out);
        AtomicFiles.writeString(out.resolve("importance.csv"), ComparisonCsv.importance(comparison));
        AtomicFiles.writeString(out.resolve("agreement.csv"), ComparisonCsv.agreement(comparison));
        LayerSelection consensus = comparison.consensusSelection();
        if (!consensus.layers().isEmpty()) {
            SelectionFile.write(out.resolve("selection.json"), saved(comparison, consensus));
        }
        comparison.firstComparable().ifPresent(pair -> {
            SimilarityMatrix difference = comparison.difference(pair.get(0), pair.get(1));
            AtomicFiles.writeString(out.resolve("difference.csv"), SimilarityCsv.text(difference));
            double reach = Comparison.largestDifference(difference);
            HeatmapChart heatmap = HeatmapChart.of(
                    difference,
                    "%s, %s less %s"
                            .formatted(
                                    pair.get(0).measure().shortName(),
                                    pair.get(0).analysis().task(),
                                    pair.get(1).analysis().task()),
                    ColourScale.differences(reach == 0 ? 1 : reach),
                    HeatmapAxes.ofOneModel(pair.get(0).measure().isSymmetric()),
                    ChartStyle.light());
            ChartExport.png(heatmap.chart(), heatmap.exportSize(), DPI, out.resolve("difference-heatmap.png"));
        });
    }

    /**
     * Reads a selection file. If it is one of a comparison whose writer was killed while it replaced an earlier
     * comparison, the replacement is finished first.
     *
     * @throws org.layerwise.base.UserException if the file is missing or broken, or its folder cannot be put in order
     */
    public static SavedSelection readSelection(Path file) {
        new ComparisonReplacement(file.toAbsolutePath().resolveSibling("")).finish();
        return SelectionFile.read(file);
    }

    /** Returns the layers of the consensus with the scores that they are based on. */
    public static SavedSelection saved(Comparison comparison, LayerSelection consensus) {
        List<Analysis> analyses = comparison.rows().stream()
                .map(Comparison.Row::analysis)
                .distinct()
                .toList();
        return new SavedSelection(
                consensus,
                new SavedSelection.Origin(
                        analyses.stream().map(Analysis::model).distinct().collect(Collectors.joining(" + ")),
                        analyses.stream().map(Analysis::task).distinct().collect(Collectors.joining(" + ")),
                        CONSENSUS,
                        null,
                        null),
                comparison.consensus(),
                null,
                null);
    }
}
