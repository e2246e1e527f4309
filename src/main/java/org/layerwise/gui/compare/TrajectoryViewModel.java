package org.layerwise.gui.compare;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Measure;
import org.layerwise.base.UserException;
import org.layerwise.chart.heatmap.TrajectoryChart;
import org.layerwise.chart.heatmap.TrajectoryCsv;
import org.layerwise.chart.heatmap.TrajectoryValues;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ColourMap;
import org.layerwise.gui.chart.Figure;
import org.layerwise.gui.chart.FigureExporter;
import org.layerwise.gui.common.Dialogs;
import org.layerwise.gui.common.FileDialogs;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.comparison.TrainingCheckpoints;
import org.layerwise.study.comparison.Trajectory;
import org.layerwise.study.comparison.TrajectoryFolder;
import org.layerwise.study.comparison.TrajectoryJob;
import org.layerwise.study.comparison.TrajectoryQuantity;
import org.layerwise.study.model.OpenModel;

/** Maps of the layers over a training: computed here, or from a folder that {@code trajectory} wrote. */
public final class TrajectoryViewModel {

    /**
     * Map of layers against steps.
     *
     * @param name name of the folder
     */
    record Shown(String name, Trajectory trajectory, Measure measure, TrajectoryQuantity quantity) {

        /** Returns this with another measure, and with the importance if that measure does not have the same quantity. */
        Shown with(Measure other) {
            TrajectoryQuantity same =
                    trajectory.quantities(other).contains(quantity) ? quantity : TrajectoryQuantity.IMPORTANCE;
            return new Shown(name, trajectory, other, same);
        }

        /** Returns this with another quantity of the measure. */
        Shown with(TrajectoryQuantity other) {
            return new Shown(name, trajectory, measure, other);
        }

        /** Returns the quantities that the measure has. */
        List<TrajectoryQuantity> quantities() {
            return trajectory.quantities(measure);
        }

        private TrajectoryValues values() {
            return trajectory.values(quantity, measure);
        }

        /** Returns a new chart of the map. */
        TrajectoryChart chart(ChartStyle style) {
            return new TrajectoryChart(trajectory.labels(), values(), ColourMap.VIRIDIS, style);
        }

        Figure figure() {
            return new Figure(
                    "trajectory",
                    text(TrajectoryTexts.figure(quantity), measure.title(), name),
                    quantity.fileName() + "-" + name,
                    chart(ChartStyle.light()).exportSize(),
                    style -> chart(style).chart(),
                    () -> TrajectoryCsv.text(trajectory.names(), trajectory.steps(), values()));
        }
    }

    /** Name of the folder of computed maps, beside the folders of runs. */
    private static final String COMPUTED = "trajectories";

    /**
     * Values of other panes that a map is computed with.
     *
     * @param ofModels returns the settings of the analysis of each checkpoint that is a model
     * @param ofAdapters returns the settings of the analysis of each checkpoint that is an adapter
     * @param folder returns the folder of runs, beside which the maps are saved
     */
    public record Sources(
            Workbench workbench,
            Supplier<AnalysisSettings> ofModels,
            Supplier<AnalysisSettings> ofAdapters,
            Supplier<Path> folder) {}

    private final StudySession session;
    private final Sources sources;
    private final WorkQueue queue;
    private final FileDialogs files;
    private final Dialogs dialogs;
    private final FigureExporter exports;
    private final ReadOnlyObjectWrapper<@Nullable Shown> shown = new ReadOnlyObjectWrapper<>();
    private final ObjectProperty<@Nullable Measure> measure = new SimpleObjectProperty<>();

    public TrajectoryViewModel(
            StudySession session,
            Sources sources,
            WorkQueue queue,
            FileDialogs files,
            Dialogs dialogs,
            FigureExporter exports) {
        this.session = session;
        this.sources = sources;
        this.queue = queue;
        this.files = files;
        this.dialogs = dialogs;
        this.exports = exports;
        measure.addListener((observable, was, is) -> {
            Shown now = shown.get();
            if (now != null && is != null) {
                shown.set(now.with(is));
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

    /** Shows another quantity of the measure. */
    void show(TrajectoryQuantity quantity) {
        Shown now = shown.get();
        if (now != null) {
            shown.set(now.with(quantity));
        }
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

    /** Asks for a folder of checkpoints and computes the map. */
    public void compute() {
        files.openCheckpointsFolder().ifPresent(this::compute);
    }

    /**
     * Computes the map of the checkpoints in a folder, or of a run in its folder, with the rows and the settings of the
     * analysis that are chosen now, and shows it. A repetition goes on with the checkpoints that are missing.
     */
    public void compute(Path checkpoints) {
        String name = String.valueOf(checkpoints.toAbsolutePath().normalize().getFileName());
        AnalysisSettings ofModels = sources.ofModels().get();
        AnalysisSettings ofAdapters = sources.ofAdapters().get();
        @Nullable DataSettings openRows = rows();
        Optional<ModelSettings> open =
                Optional.ofNullable(session.modelProperty().get()).map(OpenModel::settings);
        // the same folder of checkpoints again, and no other one of the same name
        String place =
                Integer.toHexString(checkpoints.toAbsolutePath().normalize().hashCode());
        Path out = sources.folder().get().resolveSibling(COMPUTED).resolve(name + "-" + place);
        queue.submit(Work.heavy(text("trajectory.computing", name), progress -> {
                    TrainingCheckpoints found = TrainingCheckpoints.in(checkpoints);
                    AnalysisSettings settings = found.adapters() ? ofAdapters : ofModels;
                    @Nullable DataSettings rows = settings.needsNoData() ? null : openRows;
                    if (rows == null && !settings.needsNoData()) {
                        throw new UserException(text("trajectory.no-rows"));
                    }
                    TrajectoryFolder.check(out);
                    Trajectory computed = new TrajectoryJob(
                                    sources.workbench(), found, base(found, open), rows, settings, out)
                            .run(progress);
                    TrajectoryFolder.write(computed, out);
                    return computed;
                })
                .whenDone(found -> show(name, found))
                .whenFailed(dialogs.failure(text("trajectory.not-computed"), () -> compute(checkpoints))));
    }

    private @Nullable DataSettings rows() {
        StudySession.OpenData data = session.dataProperty().get();
        return data == null ? null : data.settings();
    }

    /** Returns the model of adapters: that of their run, else the open one; whole models name themselves. */
    private static ModelSettings base(TrainingCheckpoints found, Optional<ModelSettings> open) {
        if (!found.adapters()) {
            return open.orElseGet(
                    () -> ModelSettings.of(found.all().get(0).folder().toString()));
        }
        return found.ownModel()
                .or(() -> open)
                .orElseThrow(() -> new UserException(text("trajectory.no-model", found.folder())));
    }

    private void show(String name, Trajectory found) {
        List<Measure> measures = found.measures();
        Measure before = measure.get();
        Measure first = before != null && measures.contains(before) ? before : measures.get(0);
        shown.set(new Shown(name, found, first, TrajectoryQuantity.IMPORTANCE));
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
