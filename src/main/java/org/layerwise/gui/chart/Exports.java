package org.layerwise.gui.chart;

import static org.layerwise.gui.text.Messages.text;

import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.layerwise.base.WholeFiles;
import org.layerwise.chart.ChartExport;
import org.layerwise.chart.ChartSize;
import org.layerwise.chart.ChartStyle;
import org.layerwise.gui.dialog.Dialogs;
import org.layerwise.gui.dialog.ExportOptions;
import org.layerwise.gui.dialog.FileDialogs;
import org.layerwise.gui.dialog.Problem;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;

/** Writes charts as pictures and tables as CSV where people want them, off the FX thread. */
public final class Exports {

    private static final double SCREEN_DPI = 96;
    private static final int PRINT_DPI = 300;
    private static final double MILLIMETRES_AN_INCH = 25.4;

    private final WorkQueue queue;
    private final FileDialogs files;
    private final Dialogs dialogs;
    private final BooleanSupplier dark;

    /** @param dark whether the window is dark, which is what is suggested for pictures too */
    public Exports(WorkQueue queue, FileDialogs files, Dialogs dialogs, BooleanSupplier dark) {
        this.queue = queue;
        this.files = files;
        this.dialogs = dialogs;
        this.dark = dark;
    }

    /** Asks for size and place and writes a picture. */
    public void png(Figure figure) {
        ExportOptions suggested = new ExportOptions(
                millimetres(figure.size().width()),
                millimetres(figure.size().height()),
                PRINT_DPI,
                dark.getAsBoolean());
        dialogs.exportOptions(figure.title(), suggested)
                .ifPresent(options -> save(figure.name() + ".png", "export", file -> {
                    ChartStyle style = options.dark() ? ChartStyle.dark() : ChartStyle.light();
                    ChartSize size = new ChartSize(pixels(options.width()), pixels(options.height()));
                    ChartExport.png(figure.draw().apply(style), size, options.dpi(), file);
                }));
    }

    /**
     * Asks for a place and writes a table.
     *
     * @param name of the file, without an ending
     * @param table made off the FX thread
     */
    public void csv(String name, Supplier<String> table) {
        save(name + ".csv", "export.values", file -> WholeFiles.writeString(file, table.get()));
    }

    /** @param what the beginning of the messages' keys */
    private void save(String name, String what, Consumer<Path> writing) {
        files.save(FileDialogs.Purpose.CHART, name.replaceAll("[^\\w.-]+", "_"))
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

    private static int millimetres(int pixels) {
        return (int) Math.round(pixels / SCREEN_DPI * MILLIMETRES_AN_INCH);
    }

    private static int pixels(int millimetres) {
        return (int) Math.round(millimetres / MILLIMETRES_AN_INCH * SCREEN_DPI);
    }
}
