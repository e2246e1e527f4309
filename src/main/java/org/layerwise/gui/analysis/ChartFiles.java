package org.layerwise.gui.analysis;

import static org.layerwise.gui.text.Messages.text;

import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jfree.chart.JFreeChart;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.WholeFiles;
import org.layerwise.chart.ChartExport;
import org.layerwise.chart.ChartSize;
import org.layerwise.chart.ChartStyle;
import org.layerwise.chart.ColourScale;
import org.layerwise.chart.HeatmapAxes;
import org.layerwise.chart.HeatmapChart;
import org.layerwise.chart.ImportanceCsv;
import org.layerwise.chart.ImportanceData;
import org.layerwise.chart.ImportanceOverlayChart;
import org.layerwise.chart.RankingChart;
import org.layerwise.chart.SimilarityCsv;
import org.layerwise.gui.dialog.Dialogs;
import org.layerwise.gui.dialog.ExportOptions;
import org.layerwise.gui.dialog.FileDialogs;
import org.layerwise.gui.dialog.Problem;
import org.layerwise.gui.selection.SelectionViewModel;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.selection.LayerSelection;
import org.layerwise.study.MeasureResult;

/** Writes the charts to picture files. They are drawn anew from their values, off the FX thread. */
public final class ChartFiles {

    private static final double SCREEN_DPI = 96;
    private static final int PRINT_DPI = 300;
    private static final double MILLIMETRES_AN_INCH = 25.4;

    private final AnalysisViewModel analysis;
    private final SelectionViewModel selection;
    private final WorkQueue queue;
    private final FileDialogs files;
    private final Dialogs dialogs;
    private final BooleanSupplier dark;

    /** @param dark whether the window is dark, which is what is suggested for the picture too */
    public ChartFiles(
            AnalysisViewModel analysis,
            SelectionViewModel selection,
            WorkQueue queue,
            FileDialogs files,
            Dialogs dialogs,
            BooleanSupplier dark) {
        this.analysis = analysis;
        this.selection = selection;
        this.queue = queue;
        this.files = files;
        this.dialogs = dialogs;
        this.dark = dark;
    }

    /** Asks for size and place and writes the heatmap. */
    public void exportHeatmap() {
        AnalysisEntry entry = analysis.analysisProperty().get();
        MeasureResult result = analysis.resultProperty().get();
        SimilarityMatrix done = result == null ? null : result.similarity();
        if (entry == null || result == null || done == null) {
            return;
        }
        ColourScale colours = analysis.colours().scale();
        Function<ChartStyle, HeatmapChart> draw =
                style -> HeatmapChart.of(done, result.measure().title(), colours, HeatmapAxes.ofOneModel(), style);
        export(
                text("export.heatmap"),
                name("heatmap", entry, result, "png"),
                draw.apply(ChartStyle.light()).exportSize(),
                draw.andThen(HeatmapChart::chart));
    }

    /** Asks for size and place and writes the ranking with its selection. */
    public void exportRanking() {
        AnalysisEntry entry = analysis.analysisProperty().get();
        MeasureResult result = analysis.resultProperty().get();
        LayerSelection layers = selection.selectionProperty().get();
        if (entry == null || result == null || layers == null) {
            return;
        }
        Function<ChartStyle, RankingChart> draw = style -> {
            RankingChart chart = new RankingChart(data(result), style);
            chart.select(layers.layers(), layers.reason().locks());
            return chart;
        };
        export(
                text("export.ranking"),
                name("ranking", entry, result, "png"),
                draw.apply(ChartStyle.light()).exportSize(),
                draw.andThen(RankingChart::chart));
    }

    /** Asks for size and place and writes the overlay. */
    public void exportOverlay() {
        AnalysisEntry entry = analysis.analysisProperty().get();
        OverlayViewModel.Overlay shown = analysis.overlay().overlayProperty().get();
        if (entry == null || shown.series().isEmpty()) {
            return;
        }
        Function<ChartStyle, ImportanceOverlayChart> draw =
                style -> new ImportanceOverlayChart(shown.series(), shown.quantity(), shown.scaled(), style);
        export(
                text("export.overlay"),
                "overlay-" + entry.analysis().task() + ".png",
                draw.apply(ChartStyle.light()).exportSize(),
                draw.andThen(ImportanceOverlayChart::chart));
    }

    /** Asks for a place and writes the values of the heatmap as a table. */
    public void exportHeatmapValues() {
        AnalysisEntry entry = analysis.analysisProperty().get();
        MeasureResult result = analysis.resultProperty().get();
        SimilarityMatrix done = result == null ? null : result.similarity();
        if (entry != null && result != null && done != null) {
            exportValues(name("similarity", entry, result, "csv"), () -> SimilarityCsv.text(done));
        }
    }

    /** Asks for a place and writes the values of the ranking as a table, with its intervals and what unrelated data give. */
    public void exportRankingValues() {
        AnalysisEntry entry = analysis.analysisProperty().get();
        MeasureResult result = analysis.resultProperty().get();
        if (entry != null && result != null) {
            exportValues(name("importance", entry, result, "csv"), () -> ImportanceCsv.text(data(result)));
        }
    }

    /** Asks for a place and writes the values of the overlay as a table. */
    public void exportOverlayValues() {
        AnalysisEntry entry = analysis.analysisProperty().get();
        OverlayViewModel.Overlay shown = analysis.overlay().overlayProperty().get();
        if (entry != null && !shown.series().isEmpty()) {
            exportValues("overlay-" + entry.analysis().task() + ".csv", () -> ImportanceCsv.text(shown.series()));
        }
    }

    private static ImportanceData data(MeasureResult result) {
        return ImportanceData.of(result.measure(), result.importance(), result.uncertainty(), result.baseline());
    }

    private static String name(String what, AnalysisEntry entry, MeasureResult result, String ending) {
        String task = entry.analysis().task();
        return result.measure() == entry.analysis().primary().measure()
                ? "%s-%s.%s".formatted(what, task, ending)
                : "%s-%s-%s.%s".formatted(what, task, result.measure().id(), ending);
    }

    private void exportValues(String name, Supplier<String> table) {
        files.save(FileDialogs.Purpose.CHART, plain(name)).ifPresent(file -> writeValues(file, table));
    }

    private void writeValues(Path file, Supplier<String> table) {
        queue.submit(Work.light(text("export.writing", file.getFileName()), progress -> {
                    WholeFiles.writeString(file, table.get());
                    return file;
                })
                .whenDone(written -> dialogs.notify(text("export.values.done"), written.toString()))
                .whenFailed(thrown -> dialogs.error(
                        Problem.of(text("export.values.failed"), thrown, () -> writeValues(file, table)))));
    }

    private static String plain(String name) {
        return name.replaceAll("[^\\w.-]+", "_");
    }

    private void export(String title, String name, ChartSize size, Function<ChartStyle, JFreeChart> draw) {
        ExportOptions suggested = new ExportOptions(
                millimetres(size.width()), millimetres(size.height()), PRINT_DPI, dark.getAsBoolean());
        dialogs.exportOptions(title, suggested).ifPresent(options -> files.save(FileDialogs.Purpose.CHART, plain(name))
                .ifPresent(file -> write(title, options, file, draw)));
    }

    private void write(String title, ExportOptions options, Path file, Function<ChartStyle, JFreeChart> draw) {
        queue.submit(Work.light(text("export.writing", file.getFileName()), progress -> {
                    ChartStyle style = options.dark() ? ChartStyle.dark() : ChartStyle.light();
                    ChartSize size = new ChartSize(pixels(options.width()), pixels(options.height()));
                    ChartExport.png(draw.apply(style), size, options.dpi(), file);
                    return file;
                })
                .whenDone(written -> dialogs.notify(text("export.done"), written.toString()))
                .whenFailed(thrown -> dialogs.error(
                        Problem.of(text("export.failed"), thrown, () -> write(title, options, file, draw)))));
    }

    private static int millimetres(int pixels) {
        return (int) Math.round(pixels / SCREEN_DPI * MILLIMETRES_AN_INCH);
    }

    private static int pixels(int millimetres) {
        return (int) Math.round(millimetres / MILLIMETRES_AN_INCH * SCREEN_DPI);
    }
}
