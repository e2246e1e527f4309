package org.layerwise.study.comparison;

import java.nio.file.Path;
import java.util.List;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.chart.ChartExport;
import org.layerwise.chart.heatmap.HeatmapAxes;
import org.layerwise.chart.heatmap.HeatmapChart;
import org.layerwise.chart.heatmap.SimilarityCsv;
import org.layerwise.chart.map.HiddenStateMapChart;
import org.layerwise.chart.map.HiddenStateMapCsv;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.study.analysis.AnalysisFolder;

/**
 * Writes the similarity of two models as files: {@code cross-similarity.csv} and {@code cross-heatmap.png} of the first
 * measure, {@code cross-map.csv} and {@code cross-map.png} if it is a metric, and files of the other measures with a hyphen and the
 * measure's id before the extension.
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
            result.map().ifPresent(map -> {
                List<String> models = List.of(cross.first(), cross.second());
                AtomicFiles.writeString(
                        out.resolve("cross-map%s.csv".formatted(suffix)), HiddenStateMapCsv.text(map, models));
                HiddenStateMapChart chart =
                        new HiddenStateMapChart(map, result.measure().title(), models, ChartStyle.light());
                ChartExport.png(
                        chart.chart(), chart.exportSize(), DPI, out.resolve("cross-map%s.png".formatted(suffix)));
            });
        }
    }
}
