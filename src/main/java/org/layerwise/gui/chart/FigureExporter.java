package org.layerwise.gui.chart;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.embed.swing.SwingFXUtils;
import javafx.scene.image.Image;
import org.jfree.chart.JFreeChart;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.FileNames;
import org.layerwise.base.file.Folders;
import org.layerwise.chart.ChartExport;
import org.layerwise.chart.style.ChartSize;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.gui.common.Dialogs;
import org.layerwise.gui.common.ExportForm;
import org.layerwise.gui.common.ExportOptions;
import org.layerwise.gui.common.ExportOptions.Format;
import org.layerwise.gui.common.ExportOptionsStore;
import org.layerwise.gui.common.FileDialogs;
import org.layerwise.gui.common.SaveDialog;
import org.layerwise.gui.common.Sheet;
import org.layerwise.gui.common.SheetCsv;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;

/** Exports and copies figures and tables on a background thread. */
public final class FigureExporter {

    private static final double SCREEN_DPI = 96;
    private static final double CLIPBOARD_DPI = 2 * SCREEN_DPI;
    private static final int PRINT_DPI = 300;
    private static final double MILLIMETRES_AN_INCH = 25.4;
    private static final String ALL = "all";

    private final WorkQueue queue;
    private final FileDialogs files;
    private final Dialogs dialogs;
    private final ExportOptionsStore last;
    private final BooleanSupplier dark;
    private final Map<Part, Supplier<List<Figure>>> parts = new EnumMap<>(Part.class);

    /** Parts of the window with figures, in the order of the export of all figures. */
    public enum Part {
        DATA,
        ANALYSIS,
        STABILITY,
        COMPARISON,
        RUNS,
        PREDICTIONS,
        EXPERIMENT
    }

    /**
     * Creates an object without parts.
     *
     * @param dark returns true if the window uses the dark theme, which is also the initial theme of exported images
     */
    public FigureExporter(
            WorkQueue queue, FileDialogs files, Dialogs dialogs, ExportOptionsStore last, BooleanSupplier dark) {
        this.queue = queue;
        this.files = files;
        this.dialogs = dialogs;
        this.last = last;
        this.dark = dark;
    }

    /** Asks for options and a file, and writes a figure or its values. */
    public void export(Figure figure) {
        ask(figure.kind(), text("export.heading", figure.title()), figure, false, options -> {
            String name = figure.fileName() + options.format().ending();
            save(
                    name,
                    options.format() == Format.CSV ? "export.values" : "export",
                    file -> FigureFiles.write(figure, options, file));
        });
    }

    /**
     * Sets the figures of a part for the export of all figures.
     *
     * @param figures supplies the current figures; called on the FX thread
     */
    public void offer(Part part, Supplier<List<Figure>> figures) {
        parts.put(part, figures);
    }

    /** Asks for options and a folder, and writes all current figures and their values into a new folder. */
    public void exportAll() {
        List<Figure> figures =
                parts.values().stream().flatMap(part -> part.get().stream()).toList();
        if (figures.isEmpty()) {
            dialogs.notify(text("figures.none"), text("figures.none.detail"));
            return;
        }
        ask(ALL, text("figures.heading", figures.size()), figures.get(0), true, options -> files.folder(
                        FileDialogs.Purpose.CHART)
                .ifPresent(place -> writeAll(figures, options, place)));
    }

    /**
     * Asks for a file and writes a table.
     *
     * @param name file name without extension
     * @param table supplies the text of the table; called on a background thread
     */
    public void csv(String name, Supplier<String> table) {
        table(FileNames.plain(name) + Format.CSV.ending(), file -> AtomicFiles.writeString(file, table.get()));
    }

    /**
     * Asks for a file and writes a table.
     *
     * @param suggestedName file name with the extension of the format
     * @param writing writes the file; called on a background thread
     */
    public void table(String suggestedName, Consumer<Path> writing) {
        save(suggestedName, "export.values", writing);
    }

    /**
     * Draws a figure as the window shows it, at twice the resolution.
     *
     * @param change changes the chart before it is drawn
     * @param ready receives the image on the FX thread
     */
    void picture(Figure figure, ChartSize size, Consumer<JFreeChart> change, Consumer<Image> ready) {
        ChartStyle style = dark.getAsBoolean() ? ChartStyle.dark() : ChartStyle.light();
        queue.submit(Work.quiet(figure.title(), progress -> {
                    JFreeChart chart = figure.draw().apply(style);
                    change.accept(chart);
                    return (Image) SwingFXUtils.toFXImage(ChartExport.image(chart, size, CLIPBOARD_DPI), null);
                })
                .whenDone(ready)
                .whenFailed(dialogs.failure(text("chart.copy.failed"), null)));
    }

    /**
     * Creates a table of the values of a figure.
     *
     * @param ready receives the table on the FX thread
     */
    void sheet(Figure figure, Consumer<Sheet> ready) {
        queue.submit(Work.quiet(
                        figure.title(), progress -> SheetCsv.read(figure.csv().get()))
                .whenDone(ready)
                .whenFailed(dialogs.failure(text("chart.table.failed"), null)));
    }

    /** Notifies the user that something was copied. */
    void copied(String what) {
        dialogs.notify(text("copy.done"), what);
    }

    private void ask(String kind, String title, Figure shown, boolean all, Consumer<ExportOptions> next) {
        ExportOptions suggested = last.last(
                kind,
                ExportOptions.png(100, 100, PRINT_DPI, dark.getAsBoolean())
                        .sized(
                                millimetres(shown.size().width()),
                                millimetres(shown.size().height())));
        ExportOptions offered = all && suggested.format() == Format.CSV ? suggested.as(Format.PNG) : suggested;
        dialogs.exportOptions(new ExportForm(title, offered, all, new FigurePreview(shown, all, queue)))
                .ifPresent(options -> {
                    last.remember(kind, options);
                    next.accept(options);
                });
    }

    /**
     * Asks for a file and writes it.
     *
     * @param what prefix of the message keys
     */
    private void save(String name, String what, Consumer<Path> writing) {
        new SaveDialog(files, dialogs)
                .ask(FileDialogs.Purpose.CHART, name)
                .ifPresent(file -> write(file, what, writing));
    }

    private void write(Path file, String what, Consumer<Path> writing) {
        queue.submit(Work.light(text("export.writing", file.getFileName()), progress -> {
                    writing.accept(file);
                    return file;
                })
                .whenDone(written -> dialogs.notify(text(what + ".done"), written.toString()))
                .whenFailed(dialogs.failure(text(what + ".failed"), () -> write(file, what, writing))));
    }

    private void writeAll(List<Figure> figures, ExportOptions options, Path place) {
        queue.submit(Work.light(text("figures.writing", figures.size()), progress -> {
                    Path folder = Folders.numbered(place, "figures");
                    FigureFiles.writeAll(figures, options, folder, progress);
                    return folder;
                })
                .whenDone(folder -> dialogs.notify(text("figures.done", figures.size()), folder.toString()))
                .whenCancelled(() -> dialogs.notify(text("figures.cancelled"), text("figures.cancelled.detail")))
                .whenFailed(dialogs.failure(text("figures.failed"), () -> writeAll(figures, options, place))));
    }

    private static int millimetres(int pixels) {
        return (int) Math.round(pixels / SCREEN_DPI * MILLIMETRES_AN_INCH);
    }
}
