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
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Similarity;
import org.layerwise.base.PlainText;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.Folders;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.base.json.Json;
import org.layerwise.base.json.NumberReader;
import org.layerwise.chart.ChartExport;
import org.layerwise.chart.heatmap.TrajectoryChart;
import org.layerwise.chart.heatmap.TrajectoryCsv;
import org.layerwise.chart.heatmap.TrajectoryValues;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ColourMap;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.AnalysisFolder;
import org.layerwise.study.analysis.MeasureResult;

/**
 * Folder of the maps of layers over a training: {@code checkpoints.json}, of each {@link TrajectoryQuantity} and measure a table and a
 * picture ({@code checkpoints.csv} and {@code checkpoints.png} of the first measure, with the name behind a hyphen of the others), and
 * the single analyses in {@code steps}.
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
            String suffix = measure == trajectory.measures().get(0) ? "" : "-" + measure.id();
            for (TrajectoryQuantity quantity : TrajectoryQuantity.values()) {
                Path table = out.resolve(quantity.fileName() + suffix + ".csv");
                Path picture = out.resolve(quantity.fileName() + suffix + ".png");
                if (!trajectory.quantities(measure).contains(quantity)) {
                    // of an earlier trajectory in the same folder
                    Folders.deleteFile(table);
                    Folders.deleteFile(picture);
                    continue;
                }
                TrajectoryValues values = trajectory.values(quantity, measure);
                AtomicFiles.writeString(table, TrajectoryCsv.text(trajectory.names(), trajectory.steps(), values));
                TrajectoryChart chart =
                        new TrajectoryChart(trajectory.labels(), values, ColourMap.VIRIDIS, ChartStyle.light());
                ChartExport.png(chart.chart(), chart.exportSize(), DPI, picture);
            }
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
        return new Trajectory(found, analyses, similarities(checkpoints, analyses.get(0), folder));
    }

    /** Returns the similarities of the checkpoints by each measure that has them at all checkpoints; an older file has none. */
    private static List<CheckpointSimilarity> similarities(JsonNode checkpoints, Analysis analysis, Path folder) {
        List<CheckpointSimilarity> found = new ArrayList<>();
        for (MeasureResult result : analysis.results()) {
            String measure = result.measure().id();
            if (checkpoints
                    .get(0)
                    .path(TrajectoryQuantity.SIMILARITY_TO_FIRST.fileName())
                    .has(measure)) {
                found.add(new CheckpointSimilarity(
                        result.measure(),
                        similarities(
                                checkpoints,
                                TrajectoryQuantity.SIMILARITY_TO_FIRST,
                                measure,
                                analysis.layers(),
                                folder),
                        similarities(
                                checkpoints,
                                TrajectoryQuantity.SIMILARITY_TO_LAST,
                                measure,
                                analysis.layers(),
                                folder)));
            }
        }
        return found;
    }

    private static List<List<Similarity>> similarities(
            JsonNode checkpoints, TrajectoryQuantity quantity, String measure, int layers, Path folder) {
        NumberReader numbers = new NumberReader(folder.resolve(FILE), "Run layerwise trajectory again.");
        List<List<Similarity>> found = new ArrayList<>();
        for (JsonNode checkpoint : checkpoints) {
            List<Similarity> values = new ArrayList<>();
            for (JsonNode value : checkpoint.path(quantity.fileName()).path(measure)) {
                values.add(
                        value.isTextual()
                                ? new Similarity.Undefined(value.asText())
                                : new Similarity.Value(numbers.finite(value, measure)));
            }
            if (values.size() != layers) {
                throw new UserException("%s has %s %s values of %s for %s layers; run layerwise trajectory again."
                        .formatted(folder.resolve(FILE), values.size(), quantity.fileName(), measure, layers));
            }
            found.add(values);
        }
        return found;
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
            for (CheckpointSimilarity similarity : trajectory.similarities()) {
                String measure = similarity.measure().id();
                entry.withObjectProperty(TrajectoryQuantity.SIMILARITY_TO_FIRST.fileName())
                        .set(measure, json(similarity.toFirst().get(i)));
                entry.withObjectProperty(TrajectoryQuantity.SIMILARITY_TO_LAST.fileName())
                        .set(measure, json(similarity.toLast().get(i)));
            }
        }
        return json;
    }

    /** Returns the values; for an undefined one, the sentence that says why. */
    private static ArrayNode json(List<Similarity> values) {
        ArrayNode json = Json.object().putArray("values");
        for (Similarity value : values) {
            if (value instanceof Similarity.Undefined undefined) {
                json.add(undefined.reason());
            } else {
                json.add(value.orNull());
            }
        }
        return json;
    }
}
