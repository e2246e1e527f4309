package org.layerwise.gui.analysis;

import static org.layerwise.gui.text.Messages.text;

import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jfree.chart.JFreeChart;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.chart.ChartExport;
import org.layerwise.chart.ChartSize;
import org.layerwise.chart.ChartStyle;
import org.layerwise.chart.ColourMap;
import org.layerwise.chart.ColourScale;
import org.layerwise.chart.HeatmapAxes;
import org.layerwise.chart.HeatmapChart;
import org.layerwise.chart.RankingChart;
import org.layerwise.gui.dialog.Dialogs;
import org.layerwise.gui.dialog.ExportOptions;
import org.layerwise.gui.dialog.FileDialogs;
import org.layerwise.gui.dialog.Problem;
import org.layerwise.gui.selection.SelectionViewModel;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.selection.LayerSelection;

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
        if (entry == null) {
            return;
        }
        SimilarityMatrix done = entry.analysis().primary().similarity();
        if (done == null) {
            return;
        }
        double from = analysis.coloursFromProperty().get();
        double to = analysis.coloursToProperty().get();
        Function<ChartStyle, JFreeChart> draw = style -> {
            return HeatmapChart.of(
                            done,
                            text("analysis.measure"),
                            new ColourScale(ColourMap.VIRIDIS, from, to),
                            HeatmapAxes.ofOneModel(),
                            style)
                    .chart();
        };
        ChartSize size = HeatmapChart.of(done, text("analysis.measure"), ChartStyle.light())
                .exportSize();
        export(text("export.heatmap"), "heatmap-" + entry.analysis().task() + ".png", size, draw);
    }

    /** Asks for size and place and writes the ranking with its selection. */
    public void exportRanking() {
        AnalysisEntry entry = analysis.analysisProperty().get();
        LayerSelection layers = selection.selectionProperty().get();
        if (entry == null || layers == null) {
            return;
        }
        LayerImportance importance = entry.analysis().importance();
        Function<ChartStyle, JFreeChart> draw = style -> {
            RankingChart chart = new RankingChart(importance, text("analysis.measure"), style);
            chart.select(layers.layers(), layers.reason().locks());
            return chart.chart();
        };
        ChartSize size = new RankingChart(importance, text("analysis.measure"), ChartStyle.light()).exportSize();
        export(text("export.ranking"), "ranking-" + entry.analysis().task() + ".png", size, draw);
    }

    private void export(String title, String name, ChartSize size, Function<ChartStyle, JFreeChart> draw) {
        ExportOptions suggested = new ExportOptions(
                millimetres(size.width()), millimetres(size.height()), PRINT_DPI, dark.getAsBoolean());
        dialogs.exportOptions(title, suggested)
                .ifPresent(options -> files.save(FileDialogs.Purpose.CHART, name.replaceAll("[^\\w.-]+", "_"))
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
