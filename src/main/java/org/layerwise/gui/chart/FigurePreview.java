package org.layerwise.gui.chart;

import static org.layerwise.gui.common.Messages.text;

import java.util.function.Consumer;
import java.util.stream.Collectors;
import javafx.embed.swing.SwingFXUtils;
import javafx.scene.image.Image;
import org.jspecify.annotations.Nullable;
import org.layerwise.chart.ChartExport;
import org.layerwise.chart.style.PaperSize;
import org.layerwise.gui.common.ExportForm;
import org.layerwise.gui.common.ExportOptions;
import org.layerwise.gui.common.ReportedError;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;

/** Draws the preview of a figure for the export dialog. */
final class FigurePreview implements ExportForm.Preview {

    private static final double LEAST_DPI = 36;
    private static final double MILLIMETRES_AN_INCH = 25.4;

    private final Figure figure;
    private final boolean ownSize;
    private final WorkQueue queue;
    private WorkQueue.@Nullable Handle before;

    /**
     * Creates the preview of a figure.
     *
     * @param ownSize true to draw the figure in its own size and to ignore the size in the options
     */
    FigurePreview(Figure figure, boolean ownSize, WorkQueue queue) {
        this.figure = figure;
        this.ownSize = ownSize;
        this.queue = queue;
    }

    @Override
    public void picture(ExportOptions options, int width, int height, Consumer<Image> ready, Consumer<String> failed) {
        submit(
                Work.<Image>quiet(
                        figure.title(),
                        progress -> SwingFXUtils.toFXImage(
                                ChartExport.image(
                                        FigureFiles.chart(figure, options.look()), paper(options, width, height)),
                                null)),
                ready,
                failed);
    }

    @Override
    public void table(int lines, Consumer<String> ready, Consumer<String> failed) {
        submit(
                Work.quiet(figure.title(), progress -> {
                    String all = figure.csv().get();
                    String first = all.lines().limit(lines).collect(Collectors.joining("\n"));
                    long left = all.lines().count() - lines;
                    return left > 0 ? first + "\n" + text("export.lines.more", left) : first;
                }),
                ready,
                failed);
    }

    /** Returns the paper of the options at the resolution that fits into the preview. */
    private PaperSize paper(ExportOptions options, int width, int height) {
        PaperSize whole = ownSize
                ? PaperSize.of(figure.size(), LEAST_DPI)
                : new PaperSize(options.width(), options.height(), LEAST_DPI);
        double dpi = MILLIMETRES_AN_INCH * Math.min(width / whole.width(), height / whole.height());
        return new PaperSize(whole.width(), whole.height(), Math.max(LEAST_DPI, dpi));
    }

    private <T> void submit(Work<T> work, Consumer<T> ready, Consumer<String> failed) {
        WorkQueue.Handle earlier = before;
        if (earlier != null) {
            earlier.stop();
        }
        before = queue.submit(work.whenDone(ready)
                .whenFailed(thrown -> failed.accept(ReportedError.of(text("export.preview.failed"), thrown, null)
                        .sentence())));
    }
}
