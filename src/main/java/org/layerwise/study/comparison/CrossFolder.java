package org.layerwise.study.comparison;

import java.nio.file.Path;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.chart.ChartExport;
import org.layerwise.chart.heatmap.HeatmapAxes;
import org.layerwise.chart.heatmap.HeatmapChart;
import org.layerwise.chart.heatmap.SimilarityCsv;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.study.analysis.AnalysisFolder;

/**
 * Writes the similarity of two models as files: {@code cross-similarity.csv} and {@code cross-heatmap.png} of the first
 * measure, and files of the other measures with a hyphen and the measure's id before the extension.
 */
public final class CrossFolder {

    private static final double DPI = 192;

    private CrossFolder() {}

    /**
     * Writes the files into a folder and keeps its other files.
     *
     * @throws org.layerwise.base.UserException if the folder cannot be written
     */
    public static void write(CrossSimilarity cross, Path out) {
        WritablePaths.requireFolder(out);
        for (CrossSimilarity.Result result : cross.results()) {
            String suffix = result == cross.results().get(0)
                    ? ""
                    : "-" + result.measure().id();
            AtomicFiles.writeString(
                    out.resolve("cross-similarity%s.csv".formatted(suffix)), SimilarityCsv.text(result.matrix()));
            HeatmapChart heatmap = HeatmapChart.of(
                    result.matrix(),
                    result.measure().shortName(),
                    AnalysisFolder.colours(result.measure(), result.matrix()),
                    HeatmapAxes.of(cross.first(), cross.second()),
                    ChartStyle.light());
            ChartExport.png(
                    heatmap.chart(), heatmap.exportSize(), DPI, out.resolve("cross-heatmap%s.png".formatted(suffix)));
        }
    }
}
