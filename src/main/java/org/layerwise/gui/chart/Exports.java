package org.layerwise.gui.chart;

import static org.layerwise.gui.text.Messages.text;

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
import org.layerwise.base.FileNames;
import org.layerwise.base.WholeFiles;
import org.layerwise.chart.ChartExport;
import org.layerwise.chart.ChartSize;
import org.layerwise.chart.ChartStyle;
import org.layerwise.gui.dialog.Dialogs;
import org.layerwise.gui.dialog.ExportOptions;
import org.layerwise.gui.dialog.ExportOptions.Format;
import org.layerwise.gui.dialog.ExportQuestion;
import org.layerwise.gui.dialog.FileDialogs;
import org.layerwise.gui.dialog.LastExports;
import org.layerwise.gui.dialog.Problem;
import org.layerwise.gui.dialog.SaveDialog;
import org.layerwise.gui.sheet.Sheet;
import org.layerwise.gui.sheet.SheetCsv;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;

/** Writes and copies figures and tables, off the FX thread. */
public final class Exports {

    private static final double SCREEN_DPI = 96;
    private static final double CLIPBOARD_DPI = 2 * SCREEN_DPI;
    private static final int PRINT_DPI = 300;
    private static final double MILLIMETRES_AN_INCH = 25.4;
    private static final String ALL = "all";

    private final WorkQueue queue;
    private final FileDialogs files;
    private final Dialogs dialogs;
    private final LastExports last;
    private final BooleanSupplier dark;
    private final Map<Part, Supplier<List<Figure>>> parts = new EnumMap<>(Part.class);

    /** What has figures, in the order in which they are written. */
    public enum Part {
        DATA,
        ANALYSIS,
        STABILITY,
        COMPARISON,
        RUNS
    }

    /** @param dark whether the window is dark, which is what is suggested for pictures too */
    public Exports(WorkQueue queue, FileDialogs files, Dialogs dialogs, LastExports last, BooleanSupplier dark) {
        this.queue = queue;
        this.files = files;
        this.dialogs = dialogs;
        this.last = last;
        this.dark = dark;
    }

    /** Asks how and where and writes a figure or its numbers. */
    public void export(Figure figure) {
        ask(figure.kind(), text("export.heading", figure.title()), figure, false, options -> {
            String name = figure.fileName() + options.format().ending();
            save(
                    name,
                    options.format() == Format.CSV ? "export.values" : "export",
                    file -> FigureFiles.write(figure, options, file));
        });
    }

    /** Says what the figures of a part are whenever all of them are written; called on the FX thread. */
    public void offer(Part part, Supplier<List<Figure>> figures) {
        parts.put(part, figures);
    }

    /** Asks how and where and writes all figures that there are now, and their numbers, into a new folder. */
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
     * Asks for a place and writes a table.
     *
     * @param name of the file, without an ending
     * @param table made off the FX thread
     */
    public void csv(String name, Supplier<String> table) {
        save(
                FileNames.plain(name) + Format.CSV.ending(),
                "export.values",
                file -> WholeFiles.writeString(file, table.get()));
    }

    /**
     * Draws a figure as the window shows it, twice as fine.
     *
     * @param change done to the chart before it is drawn
     * @param ready on the FX thread
     */
    void picture(Figure figure, ChartSize size, Consumer<JFreeChart> change, Consumer<Image> ready) {
        ChartStyle style = dark.getAsBoolean() ? ChartStyle.dark() : ChartStyle.light();
        queue.submit(Work.quiet(figure.title(), progress -> {
                    JFreeChart chart = figure.draw().apply(style);
                    change.accept(chart);
                    return (Image) SwingFXUtils.toFXImage(ChartExport.image(chart, size, CLIPBOARD_DPI), null);
                })
                .whenDone(ready)
                .whenFailed(thrown -> dialogs.error(Problem.of(text("chart.copy.failed"), thrown, null))));
    }

    /**
     * Makes a table of the numbers of a figure.
     *
     * @param ready on the FX thread
     */
    void sheet(Figure figure, Consumer<Sheet> ready) {
        queue.submit(Work.quiet(
                        figure.title(), progress -> SheetCsv.read(figure.csv().get()))
                .whenDone(ready)
                .whenFailed(thrown -> dialogs.error(Problem.of(text("chart.table.failed"), thrown, null))));
    }

    /** Says that something is on the clipboard now. */
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
        dialogs.exportOptions(new ExportQuestion(title, offered, all, new FigurePreview(shown, all, queue)))
                .ifPresent(options -> {
                    last.remember(kind, options);
                    next.accept(options);
                });
    }

    /** @param what the beginning of the messages' keys */
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
                .whenFailed(thrown ->
                        dialogs.error(Problem.of(text(what + ".failed"), thrown, () -> write(file, what, writing)))));
    }

    private void writeAll(List<Figure> figures, ExportOptions options, Path place) {
        queue.submit(Work.light(text("figures.writing", figures.size()), progress -> {
                    Path folder = WholeFiles.numbered(place, "figures");
                    FigureFiles.writeAll(figures, options, folder, progress);
                    return folder;
                })
                .whenDone(folder -> dialogs.notify(text("figures.done", figures.size()), folder.toString()))
                .whenCancelled(() -> dialogs.notify(text("figures.cancelled"), text("figures.cancelled.detail")))
                .whenFailed(thrown -> dialogs.error(
                        Problem.of(text("figures.failed"), thrown, () -> writeAll(figures, options, place)))));
    }

    private static int millimetres(int pixels) {
        return (int) Math.round(pixels / SCREEN_DPI * MILLIMETRES_AN_INCH);
    }
}
