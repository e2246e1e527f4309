package org.layerwise.study.comparison;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.base.json.Json;
import org.layerwise.chart.ChartExport;
import org.layerwise.chart.heatmap.TrajectoryChart;
import org.layerwise.chart.heatmap.TrajectoryCsv;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ColourMap;

/**
 * Folder of the importance of layers over a training: {@code checkpoints.json}, of each measure a table and a picture
 * ({@code checkpoints.csv} and {@code checkpoints.png} of the first, with the name behind a hyphen of the others), and the single
 * analyses in {@code steps}.
 */
public final class TrajectoryFolder {

    /** Name of the file that marks such a folder. */
    public static final String FILE = "checkpoints.json";

    private static final double DPI = 192;

    private TrajectoryFolder() {}

    /**
     * Requires that results can be written into a folder, which is empty, missing, or holds results of an earlier run. Call this before
     * a long computation.
     *
     * @throws UserException if the folder cannot be written or holds other files
     */
    public static void check(Path out) {
        WritablePaths.checkFolder(out);
        if (!Files.isDirectory(out)
                || Files.exists(out.resolve(FILE))
                || Files.isDirectory(out.resolve(TrajectoryJob.STEPS))) {
            return;
        }
        try (Stream<Path> entries = Files.list(out)) {
            if (entries.findAny().isPresent()) {
                throw new UserException(
                        "%s holds other files; name an empty folder, or that of an earlier trajectory.".formatted(out));
            }
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(out, FileErrors.reason(e)), e);
        }
    }

    /**
     * Writes the tables and pictures.
     *
     * @throws UserException if a file cannot be written
     */
    public static void write(Trajectory trajectory, Path out) {
        WritablePaths.requireFolder(out);
        List<String> names = trajectory.checkpoints().stream()
                .map(TrainingCheckpoints.One::name)
                .toList();
        List<String> steps = trajectory.checkpoints().stream()
                .map(one -> one.step().isPresent() ? String.valueOf(one.step().getAsLong()) : "")
                .toList();
        List<String> labels = trajectory.checkpoints().stream()
                .map(TrainingCheckpoints.One::label)
                .toList();
        for (Measure measure : trajectory.measures()) {
            List<LayerImportance> importances = trajectory.importances(measure);
            String suffix = measure == trajectory.measures().get(0) ? "" : "-" + measure.id();
            AtomicFiles.writeString(
                    out.resolve("checkpoints%s.csv".formatted(suffix)), TrajectoryCsv.text(names, steps, importances));
            TrajectoryChart chart = new TrajectoryChart(
                    labels, importances, measure.importanceTitle(), ColourMap.VIRIDIS, ChartStyle.light());
            ChartExport.png(chart.chart(), chart.exportSize(), DPI, out.resolve("checkpoints%s.png".formatted(suffix)));
        }
        Json.write(out.resolve(FILE), json(trajectory));
    }

    private static ObjectNode json(Trajectory trajectory) {
        ObjectNode json = Json.object();
        json.put("layers", trajectory.layers());
        json.set(
                "measures",
                Json.tree(trajectory.measures().stream().map(Measure::id).toList()));
        ArrayNode checkpoints = json.putArray("checkpoints");
        for (int i = 0; i < trajectory.checkpoints().size(); i++) {
            TrainingCheckpoints.One one = trajectory.checkpoints().get(i);
            ObjectNode entry = checkpoints.addObject();
            entry.put("name", one.name());
            one.step().ifPresent(step -> entry.put("step", step));
            entry.put("selected", trajectory.analyses().get(i).proposed().oneHot());
            ObjectNode importance = entry.putObject("importance");
            for (Measure measure : trajectory.measures()) {
                importance.set(
                        measure.id(),
                        Json.tree(trajectory.importances(measure).get(i).all()));
            }
        }
        return json;
    }
}
