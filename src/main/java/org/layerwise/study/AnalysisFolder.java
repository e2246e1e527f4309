package org.layerwise.study;

import java.nio.file.Path;
import org.layerwise.base.Json;
import org.layerwise.base.WholeFiles;
import org.layerwise.chart.ChartExport;
import org.layerwise.chart.ChartStyle;
import org.layerwise.chart.HeatmapChart;
import org.layerwise.chart.RankingChart;
import org.layerwise.chart.SimilarityCsv;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.ReferenceFiles;
import org.layerwise.selection.ReferenceName;

/**
 * A finished analysis as a folder: {@code analysis.json}, {@code similarity.csv}, the two text files of the paper's scripts,
 * {@code heatmap.png} and {@code ranking.png}.
 */
public final class AnalysisFolder {

    /** The file that holds everything; the others can be made from it. */
    public static final String FILE = "analysis.json";

    private static final double DPI = 192;

    private AnalysisFolder() {}

    /** Writes the folder, {@code analysis.json} last, so that a folder with it is complete. */
    public static void write(Analysis analysis, Path out) {
        WholeFiles.requireWritableFolder(out);
        LayerSelection proposed = analysis.proposed();
        ReferenceName names = analysis.referenceName();
        ReferenceFiles.writeSimilarities(out.resolve(names.similarities()), analysis.importance());
        ReferenceFiles.writeOneHot(out.resolve(names.oneHot()), proposed);
        analysis.primary().matrix().ifPresent(matrix -> {
            SimilarityCsv.write(out.resolve("similarity.csv"), matrix);
            HeatmapChart heatmap = HeatmapChart.of(matrix, "CKA", ChartStyle.light());
            ChartExport.png(heatmap.chart(), heatmap.exportSize(), DPI, out.resolve("heatmap.png"));
        });
        RankingChart ranking = new RankingChart(analysis.importance(), "CKA", ChartStyle.light());
        ranking.select(proposed.layers(), proposed.reason().locks());
        ChartExport.png(ranking.chart(), ranking.exportSize(), DPI, out.resolve("ranking.png"));
        WholeFiles.writeString(out.resolve(MethodsText.FILE), MethodsText.of(analysis));
        Json.write(out.resolve(FILE), AnalysisJson.write(analysis, null));
    }

    /**
     * Reads a folder back.
     *
     * @throws org.layerwise.base.UserException if {@code analysis.json} is missing or does not hold an analysis
     */
    public static Analysis read(Path folder) {
        return new AnalysisReader(folder.resolve(FILE)).read();
    }
}
