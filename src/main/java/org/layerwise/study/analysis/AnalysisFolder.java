package org.layerwise.study.analysis;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.layerwise.analysis.ExpertLoad;
import org.layerwise.analysis.Grams;
import org.layerwise.analysis.GramsFile;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.ModuleImportance;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.similarity.HiddenStateMap;
import org.layerwise.analysis.uncertainty.Reliability;
import org.layerwise.base.Decimals;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.base.json.Json;
import org.layerwise.chart.ChartExport;
import org.layerwise.chart.SelectionProbabilityChart;
import org.layerwise.chart.curve.OverlapCurveChart;
import org.layerwise.chart.curve.OverlapCurveCsv;
import org.layerwise.chart.heatmap.ExpertLoadChart;
import org.layerwise.chart.heatmap.ExpertLoadCsv;
import org.layerwise.chart.heatmap.HeatmapAxes;
import org.layerwise.chart.heatmap.HeatmapChart;
import org.layerwise.chart.heatmap.ModuleImportanceChart;
import org.layerwise.chart.heatmap.ModuleImportanceCsv;
import org.layerwise.chart.heatmap.SimilarityCsv;
import org.layerwise.chart.map.HiddenStateMapChart;
import org.layerwise.chart.map.HiddenStateMapCsv;
import org.layerwise.chart.ranking.ImportanceCsv;
import org.layerwise.chart.ranking.ImportanceData;
import org.layerwise.chart.ranking.ImportanceOverlayChart;
import org.layerwise.chart.ranking.RankingChart;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ColourMap;
import org.layerwise.chart.style.ColourScale;
import org.layerwise.run.RunFileNames;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.ReferenceFiles;
import org.layerwise.selection.ReferenceName;

/**
 * Folder of a finished analysis. The files {@code analysis.json} and {@code grams.safetensors} hold all data. The other
 * files are the two text files of the paper's scripts, and tables and pictures of each measure. Files of the first
 * measure have plain names ({@code similarity.csv}, {@code importance.csv}, {@code heatmap.png}, {@code ranking.png}).
 * Names of files of the other measures end with a hyphen and the measure's name.
 */
public final class AnalysisFolder {

    /** Name of the file that holds all data but the Gram matrices. Tables and pictures can be recreated from it. */
    public static final String FILE = "analysis.json";

    /** Name of the file of the Gram matrices, which exists only if the analysis has Gram matrices. */
    public static final String GRAMS = "grams.safetensors";

    /** Name of the table and of the picture of the load of experts, without its ending. */
    static final String EXPERT_LOAD = "expert-load";

    /** Name of the table of the reliability of the measures, which exists only if the rows were drawn anew. */
    static final String RELIABILITY = "reliability.csv";

    private static final double DPI = 192;

    private AnalysisFolder() {}

    /** Writes an analysis as {@link #write(Analysis, Path, Consumer, Progress)} does, without additional files. */
    public static void write(Analysis analysis, Path out) {
        write(analysis, out, beside -> {}, Progress.none());
    }

    /**
     * Writes the complete folder. The files of an earlier analysis are replaced only after all files of the new
     * analysis are on the disk. Other files in the folder are kept. If one of these has the name of a file of the new
     * analysis, nothing is written.
     *
     * @param more writes additional files of the analysis into the given folder
     * @param progress receives a message while another program is writing into the folder; after a cancellation, the
     *     figures are not kept
     * @throws UserException if the folder cannot be written, or a file that does not belong to an analysis would be
     *     replaced; the folder is then unchanged
     * @throws org.layerwise.base.CancelledException if cancelled while this program or another one is writing
     */
    public static void write(Analysis analysis, Path out, Consumer<Path> more, Progress progress) {
        new AnalysisReplacement(out).replace(beside -> writeFiles(analysis, beside, more), progress);
    }

    /**
     * Checks that an analysis can be written into a folder. Call this before a long computation.
     *
     * @param measures measures of the analysis
     * @throws UserException if the folder cannot be written, or a file that does not belong to an analysis would be
     *     replaced
     */
    public static void check(Path out, List<Measure> measures) {
        WritablePaths.checkFolder(out);
        new AnalysisReplacement(out).requireNothingOfOthers(measures);
    }

    private static void writeFiles(Analysis analysis, Path out, Consumer<Path> more) {
        ReferenceName names = analysis.referenceName();
        if (analysis.primary().measure().isCka()) {
            AtomicFiles.writeString(
                    out.resolve(names.similarities()), ReferenceFiles.similarities(analysis.importance()));
        }
        AtomicFiles.writeString(out.resolve(names.oneHot()), analysis.proposed().oneHot());
        for (MeasureResult result : analysis.results()) {
            String suffix =
                    result == analysis.primary() ? "" : "-" + result.measure().id();
            write(analysis, result, out, suffix);
        }
        if (analysis.results().stream().anyMatch(result -> result.reliability() != null)) {
            AtomicFiles.writeString(out.resolve(RELIABILITY), reliability(analysis));
        }
        ExpertLoad load = analysis.expertLoad();
        if (load != null) {
            AtomicFiles.writeString(out.resolve(EXPERT_LOAD + ".csv"), ExpertLoadCsv.text(load));
            ExpertLoadChart chart = new ExpertLoadChart(load, ColourMap.VIRIDIS, ChartStyle.light());
            ChartExport.png(chart.chart(), chart.exportSize(), DPI, out.resolve(EXPERT_LOAD + ".png"));
        }
        if (analysis.results().size() > 1) {
            writeOverlay(analysis, out);
        }
        AtomicFiles.writeString(out.resolve(RunFileNames.METHODS), AnalysisMethods.of(analysis));
        more.accept(out);
        writeData(analysis, out);
    }

    /**
     * Writes only the files that {@link #read} and {@link #grams} need. This is fast enough to be done after every
     * analysis.
     */
    public static void writeData(Analysis analysis, Path out) {
        WritablePaths.requireFolder(out);
        Grams grams = analysis.grams();
        if (grams != null) {
            GramsFile.write(out.resolve(GRAMS), grams);
        }
        Json.write(out.resolve(FILE), AnalysisJson.write(analysis, grams == null ? null : GRAMS));
    }

    private static void write(Analysis analysis, MeasureResult result, Path out, String suffix) {
        Measure measure = result.measure();
        result.matrix().ifPresent(matrix -> {
            AtomicFiles.writeString(out.resolve("similarity%s.csv".formatted(suffix)), SimilarityCsv.text(matrix));
            HeatmapChart heatmap = HeatmapChart.of(
                    matrix,
                    measure.shortName(),
                    colours(measure, matrix),
                    HeatmapAxes.ofOneModel(measure.isSymmetric()).with(analysis.kinds()),
                    ChartStyle.light());
            ChartExport.png(heatmap.chart(), heatmap.exportSize(), DPI, out.resolve("heatmap%s.png".formatted(suffix)));
            HiddenStateMap.of(measure, matrix).ifPresent(map -> {
                AtomicFiles.writeString(out.resolve("map%s.csv".formatted(suffix)), HiddenStateMapCsv.text(map));
                HiddenStateMapChart chart = new HiddenStateMapChart(map, measure.title(), ChartStyle.light());
                ChartExport.png(chart.chart(), chart.exportSize(), DPI, out.resolve("map%s.png".formatted(suffix)));
            });
        });
        ModuleImportance modules = result.modules();
        if (modules != null) {
            AtomicFiles.writeString(out.resolve("modules%s.csv".formatted(suffix)), ModuleImportanceCsv.text(modules));
            ModuleImportanceChart chart = new ModuleImportanceChart(
                    measure.comparable(modules),
                    analysis.layers(),
                    measure.comparableTitle(),
                    ColourMap.VIRIDIS,
                    ChartStyle.light());
            ChartExport.png(chart.chart(), chart.exportSize(), DPI, out.resolve("modules%s.png".formatted(suffix)));
        }
        ImportanceData data = ImportanceData.of(measure, result.importance(), result.uncertainty(), result.baseline())
                .with(analysis.kinds());
        AtomicFiles.writeString(out.resolve("importance%s.csv".formatted(suffix)), ImportanceCsv.text(data));
        LayerSelection proposed = analysis.proposed(result);
        RankingChart ranking = new RankingChart(data, ChartStyle.light());
        ranking.select(proposed.layers(), proposed.reason().locks());
        ChartExport.png(ranking.chart(), ranking.exportSize(), DPI, out.resolve("ranking%s.png".formatted(suffix)));
        if (result.uncertainty() != null) {
            AtomicFiles.writeString(
                    out.resolve("overlap%s.csv".formatted(suffix)), OverlapCurveCsv.text(result.uncertainty()));
            OverlapCurveChart overlap =
                    new OverlapCurveChart(result.uncertainty(), result.importance(), ChartStyle.light());
            ChartExport.png(overlap.chart(), overlap.exportSize(), DPI, out.resolve("overlap%s.png".formatted(suffix)));
            SelectionProbabilityChart probability = new SelectionProbabilityChart(
                    result.uncertainty(), result.importance(), proposed.layers(), ChartStyle.light());
            ChartExport.png(
                    probability.chart(),
                    probability.exportSize(),
                    DPI,
                    out.resolve("selected%s.png".formatted(suffix)));
        }
    }

    /** Returns a table with a line for each measure that has a reliability. */
    private static String reliability(Analysis analysis) {
        StringBuilder text = new StringBuilder("measure,reliability,halves,splits,rows\n");
        for (MeasureResult result : analysis.results()) {
            Reliability found = result.reliability();
            if (found != null) {
                text.append("%s,%s,%s,%s,%s\n"
                        .formatted(
                                result.measure().id(),
                                Decimals.shortest(found.value()),
                                Decimals.shortest(found.halves()),
                                found.splits(),
                                found.rows()));
            }
        }
        return text.toString();
    }

    /** Returns Viridis over the range 0 to 1, or from the measure's lower bound to 1 if a value is negative. */
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
        AtomicFiles.writeString(out.resolve("measures.csv"), ImportanceCsv.text(series(analysis, Measure::shortName)));
        ImportanceOverlayChart overlay = overlay(analysis);
        ChartExport.png(overlay.chart(), overlay.exportSize(), DPI, out.resolve("measures.png"));
    }

    /** Returns the chart of all measures, with the names that the axes of the single rankings have. */
    static ImportanceOverlayChart overlay(Analysis analysis) {
        return new ImportanceOverlayChart(
                series(analysis, Measure::importanceTitle), "Importance", analysis.unitsDiffer(), ChartStyle.light());
    }

    private static List<ImportanceOverlayChart.Series> series(Analysis analysis, Function<Measure, String> name) {
        return analysis.results().stream()
                .map(result -> new ImportanceOverlayChart.Series(
                        name.apply(result.measure()), result.importance(), result.uncertainty()))
                .toList();
    }

    /** Returns true if an analysis can have a file with this name. */
    public static boolean writes(String name) {
        return AnalysisNames.any(name);
    }

    /** Returns true if a folder holds an analysis. */
    public static boolean isOne(Path folder) {
        return Files.isRegularFile(folder.resolve(FILE)) || new AnalysisReplacement(folder).interrupted();
    }

    /** Returns the folder of an analysis; accepts the folder or the {@code analysis.json} in it. */
    public static Path of(Path named) {
        return named.endsWith(FILE) && !Files.isDirectory(named) ? named.resolveSibling("") : named;
    }

    /**
     * Returns the file to read an analysis from: {@code analysis.json} in a given folder, or the given file, whatever
     * its name is.
     */
    public static Path file(Path named) {
        return Files.isRegularFile(named) ? named : named.resolve(FILE);
    }

    /**
     * Finishes the replacement of an analysis whose writer was killed. Call this before a file of an analysis is read
     * without {@link #read}. Does nothing if there is none.
     *
     * @param folder folder that may hold an analysis
     * @throws UserException if the folder cannot be written
     */
    public static void finish(Path folder) {
        new AnalysisReplacement(folder).finish();
    }

    /**
     * Reads an analysis from its folder or its file, without the Gram matrices.
     *
     * @throws UserException if the file is missing or does not hold an analysis
     */
    public static Analysis read(Path folder) {
        finish(of(folder));
        return AnalysisJson.read(file(folder));
    }

    /**
     * Reads the Gram matrices of a folder; empty if the folder has none.
     *
     * @throws UserException if the file of the Gram matrices is broken
     */
    public static Optional<Grams> grams(Path folder) {
        finish(folder);
        Path file = folder.resolve(GRAMS);
        return Files.exists(file) ? Optional.of(GramsFile.read(file)) : Optional.empty();
    }
}
