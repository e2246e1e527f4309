package org.layerwise.study.comparison;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.base.PlainText;
import org.layerwise.base.Progress;
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
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.AnalysisFolder;

/**
 * Folder of the importance of layers over a training: {@code checkpoints.json}, of each measure a table and a picture
 * ({@code checkpoints.csv} and {@code checkpoints.png} of the first, with the name behind a hyphen of the others), and the single
 * analyses in {@code steps}.
 */
public final class TrajectoryFolder {

    /** Name of the file that marks such a folder. */
    public static final String FILE = "checkpoints.json";

    private static final double DPI = 192;
    private static final int SHOWN = 60;

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
        for (Measure measure : trajectory.measures()) {
            List<LayerImportance> importances = trajectory.importances(measure);
            String suffix = measure == trajectory.measures().get(0) ? "" : "-" + measure.id();
            AtomicFiles.writeString(
                    out.resolve("checkpoints%s.csv".formatted(suffix)),
                    TrajectoryCsv.text(trajectory.names(), trajectory.steps(), importances));
            TrajectoryChart chart = new TrajectoryChart(
                    trajectory.labels(), importances, measure.importanceTitle(), ColourMap.VIRIDIS, ChartStyle.light());
            ChartExport.png(chart.chart(), chart.exportSize(), DPI, out.resolve("checkpoints%s.png".formatted(suffix)));
        }
        Json.write(out.resolve(FILE), json(trajectory));
    }

    /** Returns true if a path is such a folder, or the {@link #FILE} in it. */
    public static boolean isOne(Path place) {
        return Files.isRegularFile(folder(place).resolve(FILE));
    }

    private static Path folder(Path place) {
        Path parent = place.toAbsolutePath().getParent();
        return place.endsWith(FILE) && parent != null ? parent : place;
    }

    /**
     * Reads the importance at all checkpoints from the single analyses.
     *
     * @param place the folder, or the {@link #FILE} in it
     * @throws UserException if it is no such folder, or a file is missing or broken
     */
    public static Trajectory read(Path place, Progress progress) {
        Path folder = folder(place);
        if (!isOne(folder)) {
            throw new UserException(
                    "%s has no %s; choose a folder that layerwise trajectory wrote.".formatted(folder, FILE));
        }
        List<String> names = new ArrayList<>();
        JsonNode checkpoints = Json.read(folder.resolve(FILE)).path("checkpoints");
        checkpoints.forEach(one -> names.add(one.path("name").asText()));
        if (names.isEmpty()) {
            throw new UserException(
                    "%s names no checkpoints; run layerwise trajectory again.".formatted(folder.resolve(FILE)));
        }
        List<TrainingCheckpoints.One> found = new ArrayList<>();
        List<Analysis> analyses = new ArrayList<>();
        for (String name : names) {
            progress.check();
            progress.report((double) found.size() / names.size(), name);
            Path step = step(folder.resolve(TrajectoryJob.STEPS).normalize(), name);
            found.add(new TrainingCheckpoints.One(name, step));
            analyses.add(AnalysisFolder.read(step));
        }
        return new Trajectory(found, analyses);
    }

    /** Returns the folder of an analysis by the name of its checkpoint, which a file may have from anywhere. */
    private static Path step(Path steps, String name) {
        String missing = "The analysis of the checkpoint %s is missing in %s; run layerwise trajectory again."
                .formatted(PlainText.cut(name, SHOWN), steps);
        try {
            Path step = steps.resolve(name);
            boolean inside = step.equals(step.normalize()) && steps.equals(step.getParent());
            if (inside && AnalysisFolder.isOne(step)) {
                return step;
            }
        } catch (InvalidPathException e) {
            throw new UserException(missing, e);
        }
        throw new UserException(missing);
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
