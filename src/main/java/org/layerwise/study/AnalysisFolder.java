package org.layerwise.study;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.layerwise.analysis.Grams;
import org.layerwise.analysis.GramsFile;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.Json;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;
import org.layerwise.chart.ChartExport;
import org.layerwise.chart.ChartStyle;
import org.layerwise.chart.ColourMap;
import org.layerwise.chart.ColourScale;
import org.layerwise.chart.HeatmapAxes;
import org.layerwise.chart.HeatmapChart;
import org.layerwise.chart.ImportanceCsv;
import org.layerwise.chart.ImportanceData;
import org.layerwise.chart.ImportanceOverlayChart;
import org.layerwise.chart.OverlapCurveChart;
import org.layerwise.chart.OverlapCurveCsv;
import org.layerwise.chart.RankingChart;
import org.layerwise.chart.SelectionProbabilityChart;
import org.layerwise.chart.SimilarityCsv;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.ReferenceFiles;
import org.layerwise.selection.ReferenceName;

/**
 * A finished analysis as a folder: {@code analysis.json} and {@code grams.safetensors}, which hold everything; the two text
 * files of the paper's scripts; and tables and pictures of each measure. Those of the first measure have plain names
 * ({@code similarity.csv}, {@code importance.csv}, {@code heatmap.png}, {@code ranking.png}), those of the others its name
 * behind a hyphen.
 */
public final class AnalysisFolder {

    /** The file that holds everything but the Gram matrices; the others can be made from it. */
    public static final String FILE = "analysis.json";

    /** The Gram matrices, where there are some. */
    public static final String GRAMS = "grams.safetensors";

    private static final double DPI = 192;

    private static final Set<Measure> CKA =
            EnumSet.of(Measure.LINEAR_CKA, Measure.DEBIASED_CKA, Measure.RBF_CKA, Measure.MINIBATCH_CKA);

    private AnalysisFolder() {}

    /** As {@link #write(Analysis, Path, Consumer, Progress)}, with nothing else in the folder. */
    public static void write(Analysis analysis, Path out) {
        write(analysis, out, beside -> {}, Progress.none());
    }

    /**
     * Writes the folder whole: the files of an earlier analysis stay until all of this one are on the disk, and go when these
     * come. What else is in the folder stays; where it has the name of a file of this one, nothing is written.
     *
     * @param more writes other files that belong to the analysis into the folder that it is given
     * @param progress hears that another program is writing into the folder; figures drawn after it was cancelled are not kept
     * @throws UserException if the folder cannot be written, or a file of others would be replaced; then all is as it was
     * @throws org.layerwise.base.CancelledException if cancelled while another program is writing, or this one
     */
    public static void write(Analysis analysis, Path out, Consumer<Path> more, Progress progress) {
        new AnalysisWrite(out).replace(beside -> writeFiles(analysis, beside, more), progress);
    }

    /**
     * Makes sure, before long work starts, that an analysis can be written into a folder.
     *
     * @param measures of the analysis
     * @throws UserException if it cannot, or a file of others would be replaced
     */
    public static void check(Path out, List<Measure> measures) {
        WholeFiles.checkWritableFolder(out);
        new AnalysisWrite(out).requireNothingOfOthers(measures);
    }

    private static void writeFiles(Analysis analysis, Path out, Consumer<Path> more) {
        ReferenceName names = analysis.referenceName();
        if (CKA.contains(analysis.primary().measure())) {
            ReferenceFiles.writeSimilarities(out.resolve(names.similarities()), analysis.importance());
        }
        ReferenceFiles.writeOneHot(out.resolve(names.oneHot()), analysis.proposed());
        for (MeasureResult result : analysis.results()) {
            String suffix =
                    result == analysis.primary() ? "" : "-" + result.measure().id();
            write(analysis, result, out, suffix);
        }
        if (analysis.results().size() > 1) {
            writeOverlay(analysis, out);
        }
        WholeFiles.writeString(out.resolve(MethodsText.FILE), MethodsText.of(analysis));
        more.accept(out);
        writeData(analysis, out);
    }

    /** Writes only what {@link #read} and {@link #grams} need: quick enough to be done after every analysis. */
    public static void writeData(Analysis analysis, Path out) {
        WholeFiles.requireWritableFolder(out);
        Grams grams = analysis.grams();
        if (grams != null) {
            GramsFile.write(out.resolve(GRAMS), grams);
        }
        Json.write(out.resolve(FILE), AnalysisJson.write(analysis, grams == null ? null : GRAMS));
    }

    private static void write(Analysis analysis, MeasureResult result, Path out, String suffix) {
        Measure measure = result.measure();
        result.matrix().ifPresent(matrix -> {
            SimilarityCsv.write(out.resolve("similarity%s.csv".formatted(suffix)), matrix);
            HeatmapChart heatmap = HeatmapChart.of(
                    matrix,
                    measure.shortName(),
                    colours(measure, matrix),
                    HeatmapAxes.ofOneModel(),
                    ChartStyle.light());
            ChartExport.png(heatmap.chart(), heatmap.exportSize(), DPI, out.resolve("heatmap%s.png".formatted(suffix)));
        });
        ImportanceData data = ImportanceData.of(measure, result.importance(), result.uncertainty(), result.baseline());
        ImportanceCsv.write(out.resolve("importance%s.csv".formatted(suffix)), data);
        LayerSelection proposed = analysis.proposed(result);
        RankingChart ranking = new RankingChart(data, ChartStyle.light());
        ranking.select(proposed.layers(), proposed.reason().locks());
        ChartExport.png(ranking.chart(), ranking.exportSize(), DPI, out.resolve("ranking%s.png".formatted(suffix)));
        if (result.uncertainty() != null) {
            OverlapCurveCsv.write(out.resolve("overlap%s.csv".formatted(suffix)), result.uncertainty());
            OverlapCurveChart overlap = new OverlapCurveChart(result.uncertainty(), ChartStyle.light());
            ChartExport.png(overlap.chart(), overlap.exportSize(), DPI, out.resolve("overlap%s.png".formatted(suffix)));
            SelectionProbabilityChart probability =
                    new SelectionProbabilityChart(result.uncertainty(), proposed.layers(), ChartStyle.light());
            ChartExport.png(
                    probability.chart(),
                    probability.exportSize(),
                    DPI,
                    out.resolve("selected%s.png".formatted(suffix)));
        }
    }

    /** Viridis over 0 to 1, or from below 0 on where a value is. */
    public static ColourScale colours(Measure measure, SimilarityMatrix matrix) {
        boolean negative = false;
        for (int i = 0; i < matrix.rows(); i++) {
            for (int j = 0; j < matrix.columns(); j++) {
                negative |= matrix.value(i, j).orElse(0) < 0;
            }
        }
        return negative && measure.lower() < 0
                ? new ColourScale(ColourMap.VIRIDIS, measure.lower(), 1)
                : ColourScale.similarities();
    }

    private static void writeOverlay(Analysis analysis, Path out) {
        List<ImportanceOverlayChart.Series> series = analysis.results().stream()
                .map(result -> new ImportanceOverlayChart.Series(
                        result.measure().shortName(), result.importance(), result.uncertainty()))
                .toList();
        WholeFiles.writeString(out.resolve("measures.csv"), ImportanceCsv.text(series));
        ImportanceOverlayChart overlay = new ImportanceOverlayChart(series, ChartStyle.light());
        ChartExport.png(overlay.chart(), overlay.exportSize(), DPI, out.resolve("measures.png"));
    }

    /** Whether a file of that name is one of an analysis. */
    public static boolean writes(String name) {
        return AnalysisNames.any(name);
    }

    /** Returns true if a folder holds an analysis. */
    public static boolean isOne(Path folder) {
        return Files.isRegularFile(folder.resolve(FILE)) || new AnalysisWrite(folder).interrupted();
    }

    /** The folder of an analysis, also where the {@code analysis.json} in it is named. */
    public static Path of(Path named) {
        return named.endsWith(FILE) && !Files.isDirectory(named) ? named.resolveSibling("") : named;
    }

    /** The file that an analysis is read from: of its folder, or the named one itself, whatever it is called. */
    static Path file(Path named) {
        return Files.isRegularFile(named) ? named : named.resolve(FILE);
    }

    /**
     * Reads a folder back, or the file alone, without its Gram matrices.
     *
     * @throws UserException if the file is missing or does not hold an analysis
     */
    public static Analysis read(Path folder) {
        new AnalysisWrite(of(folder)).finish();
        return new AnalysisReader(file(folder)).read();
    }

    /**
     * The Gram matrices of a folder; empty if it has none.
     *
     * @throws UserException if their file is broken
     */
    public static Optional<Grams> grams(Path folder) {
        new AnalysisWrite(folder).finish();
        Path file = folder.resolve(GRAMS);
        return Files.exists(file) ? Optional.of(GramsFile.read(file)) : Optional.empty();
    }
}
