package org.layerwise.gui.compare;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Measure;
import org.layerwise.chart.heatmap.TrajectoryChart;
import org.layerwise.chart.heatmap.TrajectoryCsv;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ColourMap;
import org.layerwise.gui.chart.Figure;
import org.layerwise.gui.chart.FigureExporter;
import org.layerwise.gui.common.Dialogs;
import org.layerwise.gui.common.FileDialogs;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.study.comparison.Trajectory;
import org.layerwise.study.comparison.TrajectoryFolder;

/** Importance of the layers over a training, from a folder that {@code trajectory} wrote. */
public final class TrajectoryViewModel {

    /**
     * Map of layers against steps.
     *
     * @param name name of the folder
     */
    record Shown(String name, Trajectory trajectory, Measure measure) {

        /** Returns a new chart of the map. */
        TrajectoryChart chart(ChartStyle style) {
            return new TrajectoryChart(
                    trajectory.labels(),
                    trajectory.importances(measure),
                    measure.importanceTitle(),
                    ColourMap.VIRIDIS,
                    style);
        }

        Figure figure() {
            return new Figure(
                    "trajectory",
                    text("figure.trajectory", measure.title(), name),
                    "checkpoints-" + name,
                    chart(ChartStyle.light()).exportSize(),
                    style -> chart(style).chart(),
                    () -> TrajectoryCsv.text(trajectory.names(), trajectory.steps(), trajectory.importances(measure)));
        }
    }

    private final WorkQueue queue;
    private final FileDialogs files;
    private final Dialogs dialogs;
    private final FigureExporter exports;
    private final ReadOnlyObjectWrapper<@Nullable Shown> shown = new ReadOnlyObjectWrapper<>();
    private final ObjectProperty<@Nullable Measure> measure = new SimpleObjectProperty<>();

    public TrajectoryViewModel(WorkQueue queue, FileDialogs files, Dialogs dialogs, FigureExporter exports) {
        this.queue = queue;
        this.files = files;
        this.dialogs = dialogs;
        this.exports = exports;
        measure.addListener((observable, was, is) -> {
            Shown now = shown.get();
            if (now != null && is != null) {
                shown.set(new Shown(now.name(), now.trajectory(), is));
            }
        });
    }

    /** Map on display; null before one is opened. */
    ReadOnlyObjectProperty<@Nullable Shown> shownProperty() {
        return shown.getReadOnlyProperty();
    }

    /** Measure of the map; null before one is opened. */
    ObjectProperty<@Nullable Measure> measureProperty() {
        return measure;
    }

    /** Returns the object that writes and copies the figures. */
    FigureExporter exports() {
        return exports;
    }

    /** Asks for a folder and shows the map in it. */
    public void open() {
        files.openTrajectoryFolder().ifPresent(this::open);
    }

    /** Shows the map of a folder that {@code trajectory} wrote. */
    public void open(Path place) {
        String name = String.valueOf(place.toAbsolutePath().normalize().getFileName());
        queue.submit(Work.light(text("trajectory.opening", name), progress -> TrajectoryFolder.read(place, progress))
                .whenDone(found -> show(name, found))
                .whenFailed(dialogs.failure(text("trajectory.failed"), () -> open(place))));
    }

    private void show(String name, Trajectory found) {
        List<Measure> measures = found.measures();
        Measure before = measure.get();
        Measure first = before != null && measures.contains(before) ? before : measures.get(0);
        shown.set(new Shown(name, found, first));
        measure.set(first);
    }

    /** Returns the displayed map as a figure; null if there is none. */
    @Nullable
    Figure figure() {
        return Optional.ofNullable(shown.get()).map(Shown::figure).orElse(null);
    }

    /** Returns the figures on display. */
    public List<Figure> figures() {
        return Optional.ofNullable(figure()).stream().toList();
    }
}
