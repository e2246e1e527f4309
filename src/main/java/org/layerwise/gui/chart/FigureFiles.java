package org.layerwise.gui.chart;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jfree.chart.JFreeChart;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.chart.ChartExport;
import org.layerwise.chart.style.ChartSize;
import org.layerwise.chart.style.FigureStyle;
import org.layerwise.chart.style.PaperSize;
import org.layerwise.gui.common.ExportOptions;
import org.layerwise.gui.common.ExportOptions.Format;

/** Draws figures and writes them to files. Independent of the JavaFX toolkit. */
public final class FigureFiles {

    /** Name of the index file that lists the figures in a folder. */
    public static final String INDEX = "index.md";

    private FigureFiles() {}

    /** Draws a figure as it appears in a file. */
    static JFreeChart chart(Figure figure, FigureStyle look) {
        JFreeChart chart = figure.draw().apply(look.style());
        look.applyTo(chart, figure.title());
        return chart;
    }

    /** Writes a figure or its values. Equal figures and options give files that are equal byte for byte. */
    public static void write(Figure figure, ExportOptions options, Path file) {
        write(figure, options.format(), options.look(), options.paper(), file);
    }

    private static void write(Figure figure, Format format, FigureStyle look, PaperSize paper, Path file) {
        switch (format) {
            case PNG -> ChartExport.png(chart(figure, look), paper, file);
            case SVG -> ChartExport.svg(chart(figure, look), paper, figure.title(), file);
            case CSV -> AtomicFiles.writeString(file, figure.csv().get());
        }
    }

    /**
     * Writes figures in their own sizes, their values, and an index into a new folder. The folder appears only after
     * all files have been written.
     *
     * @throws CancelledException if the export was cancelled; no files are left behind
     */
    public static void writeAll(List<Figure> figures, ExportOptions options, Path folder, Progress progress) {
        AtomicFiles.writeNewFolder(folder, beside -> {
            StringBuilder index = new StringBuilder(text("figures.index") + "\n\n")
                    .append(text("figures.index.header"))
                    .append("\n|---|---|---|\n");
            Set<String> taken = new HashSet<>();
            for (int at = 0; at < figures.size(); at++) {
                Figure figure = figures.get(at);
                if (progress.cancelled()) {
                    throw new CancelledException();
                }
                progress.report((double) at / figures.size(), figure.title());
                String name = unused(figure.fileName(), taken);
                String picture = name + options.format().ending();
                String table = name + Format.CSV.ending();
                write(
                        figure,
                        options.format(),
                        options.look(),
                        PaperSize.of(sized(figure.size(), options.points()), options.dpi()),
                        beside.resolve(picture));
                write(figure, Format.CSV, options.look(), options.paper(), beside.resolve(table));
                index.append("| %s | [%s](%s) | [%s](%s) |\n"
                        .formatted(figure.title().replace("|", "\\|"), picture, picture, table, table));
            }
            if (progress.cancelled()) {
                throw new CancelledException();
            }
            AtomicFiles.writeString(beside.resolve(INDEX), index.toString());
        });
    }

    /** Enlarges the size of a figure in proportion to a font size above the window's font size. */
    private static ChartSize sized(ChartSize size, double points) {
        double scale = Math.max(1, points / FigureStyle.WINDOW_POINTS);
        return new ChartSize((int) Math.round(size.width() * scale), (int) Math.round(size.height() * scale));
    }

    private static String unused(String name, Set<String> taken) {
        String free = name;
        for (int number = 2; !taken.add(free.toLowerCase(Locale.ROOT)); number++) {
            free = name + "-" + number;
        }
        return free;
    }
}
