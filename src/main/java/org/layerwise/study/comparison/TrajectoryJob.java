package org.layerwise.study.comparison;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.Folders;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.base.json.Json;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.Initialisation;
import org.layerwise.lora.LoraVariant;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.run.Run;
import org.layerwise.run.RunCheckpoints;
import org.layerwise.run.RunFileNames;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.EquivalentCommand;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.AnalysisFolder;
import org.layerwise.study.analysis.AnalysisJob;
import org.layerwise.study.analysis.WeightsAnalysis;
import org.layerwise.study.model.ClassNames;
import org.layerwise.study.model.ModelListener;
import org.layerwise.study.model.ModelUse;
import org.layerwise.study.model.OpenModel;

/**
 * Analyses the checkpoints of a training one after the other, with one model in memory at a time. Each finished analysis is in
 * {@code steps/NAME} of the output folder at once, so that a stopped job goes on where it was; it is used again if it was computed
 * with the same settings, and no file of the checkpoint or of the rows is newer.
 *
 * @param base settings of the model of adapters; for models, those of its name are replaced by the folder of the checkpoint
 * @param data rows; null if the measures need none
 * @param out folder for the result
 */
public record TrajectoryJob(
        Workbench workbench,
        TrainingCheckpoints checkpoints,
        ModelSettings base,
        @Nullable DataSettings data,
        AnalysisSettings settings,
        Path out) {

    /** Name of the folder of the single analyses. */
    static final String STEPS = "steps";

    /** Name of the file with the settings of an analysis, beside it. */
    private static final String SETTINGS = "settings.json";

    /** Key of the command that computes the same analysis. */
    private static final String COMMAND = "command";

    /** Key that says whether the analysis kept Gram matrices. Older folders are without it and them. */
    private static final String GRAMS = "grams";

    /** Share of the progress that the analyses take, before the checkpoints are compared. */
    private static final double ANALYSED = 0.95;

    /** Share of a checkpoint's progress that opening its model takes. */
    private static final double OPENED = 0.2;

    /**
     * Checks the input.
     *
     * @throws UserException if there are adapters, and a measure is of the weights in the model's files, or there are none, and a
     *     measure is of one
     */
    public TrajectoryJob {
        WeightsAnalysis.requireFitting(settings, checkpoints.adapters() ? checkpoints.folder() : null);
        if (data == null && !settings.needsNoData()) {
            throw new IllegalArgumentException("a measure needs data");
        }
    }

    /**
     * Analyses all checkpoints that are not finished yet.
     *
     * @throws UserException if a checkpoint or the rows are broken, or the checkpoints differ in their layers
     * @throws org.layerwise.base.CancelledException if the progress is cancelled; finished analyses are kept
     */
    public Trajectory run(Progress progress) {
        List<Analysis> analyses = new ArrayList<>();
        Progress computing = progress.part(0, ANALYSED);
        try (Models models = new Models()) {
            double count = checkpoints.all().size();
            for (TrainingCheckpoints.One one : checkpoints.all()) {
                progress.check();
                Progress part = computing.part(analyses.size() / count, (analyses.size() + 1) / count);
                part.report(
                        0,
                        "Checkpoint %s (%s of %s)"
                                .formatted(
                                        one.name(),
                                        analyses.size() + 1,
                                        checkpoints.all().size()));
                Optional<Analysis> finished = finished(one);
                analyses.add(finished.isPresent() ? finished.get() : analyze(one, models, part));
            }
        }
        List<CheckpointSimilarity> similarities = CheckpointSimilarity.of(
                checkpoints.all().stream().map(this::folder).toList(),
                analyses.get(0).layers(),
                settings,
                workbench.engine(),
                progress.part(ANALYSED, 1));
        return new Trajectory(checkpoints.all(), analyses, similarities);
    }

    /** The one model that is open: that of a checkpoint, or the base of all adapters. */
    private final class Models implements AutoCloseable {

        private @Nullable OpenModel open;

        OpenModel of(TrainingCheckpoints.One one, Progress progress) {
            if (open != null && checkpoints.adapters()) {
                return open;
            }
            close();
            ModelUse use = settings.needsGradients() ? ModelUse.ANY : ModelUse.FORWARD;
            open = workbench.openModel(model(one), new PauseSwitch(), ModelListener.none(), use, progress);
            return open;
        }

        @Override
        public void close() {
            if (open != null) {
                open.close();
                open = null;
            }
        }
    }

    private ModelSettings model(TrainingCheckpoints.One one) {
        return checkpoints.adapters() ? base : base.withModel(one.folder().toString());
    }

    private Analysis analyze(TrainingCheckpoints.One one, Models models, Progress progress) {
        OpenModel open = models.of(one, progress.part(0, OPENED));
        Progress rest = progress.part(OPENED, 1);
        Analysis analysis = data == null
                ? new WeightsAnalysis(workbench, open, settings, adapter(one, open, rest)).run(rest)
                : new AnalysisJob(workbench, open, data, settings, adapter(one, open, rest)).run(rest, partial -> {});
        Path folder = folder(one);
        // what an analysis with other settings left must not count for this one
        Folders.deleteFile(folder.resolve(SETTINGS));
        Folders.deleteFile(folder.resolve(AnalysisFolder.GRAMS));
        AnalysisFolder.writeData(analysis, folder);
        // last, since it says that the analysis is whole
        Json.write(
                folder.resolve(SETTINGS),
                Json.object().put(COMMAND, command(one)).put(GRAMS, analysis.grams() != null));
        return analysis.withoutGrams();
    }

    /** Returns the folder of a checkpoint's adapter, which is written first for a checkpoint of a run; null for a whole model. */
    private @Nullable Path adapter(TrainingCheckpoints.One one, OpenModel open, Progress progress) {
        return switch (checkpoints.kind()) {
            case MODELS -> null;
            case ADAPTERS -> one.folder();
            case RUN -> {
                Path trained = checkpoints.folder().resolve(RunFileNames.ADAPTER);
                Path written = folder(one).resolve(RunFileNames.ADAPTER);
                try (AdaptedModel adapted = ofRun(open, trained, progress.silent())) {
                    adapted.assign(RunCheckpoints.weights(one.folder(), workbench.engine()));
                    WritablePaths.requireFolder(written);
                    adapted.toPeft(open.base()).write(written);
                    ClassNames.copy(trained, written);
                }
                yield written;
            }
        };
    }

    /** Returns a model with the shape of a run's checkpoints. A run by LoRA-GA writes its adapter with another rank. */
    private AdaptedModel ofRun(OpenModel open, Path trained, Progress progress) {
        Run run = Run.open(checkpoints.folder());
        LoraVariant variant = run.training(run.configuration(), open.card().layers())
                .adapter()
                .variant();
        if (variant.initialisation() instanceof Initialisation.LoraGa start) {
            Path initial = checkpoints.folder().resolve(RunFileNames.INITIAL);
            return AdaptedModel.fromTakenOut(
                    open.model(), PeftAdapter.read(initial, workbench.engine(), progress), start, 0);
        }
        return AdaptedModel.load(open.model(), PeftAdapter.read(trained, workbench.engine(), progress), 0, progress);
    }

    private Path folder(TrainingCheckpoints.One one) {
        return out.resolve(STEPS).resolve(one.name());
    }

    /** Returns the analysis of a checkpoint that an earlier run finished; empty if it is missing, of other settings, or older. */
    private Optional<Analysis> finished(TrainingCheckpoints.One one) {
        Path written = folder(one).resolve(SETTINGS);
        Path file = folder(one).resolve(AnalysisFolder.FILE);
        if (!Files.isRegularFile(written) || !Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            FileTime time = Files.getLastModifiedTime(written);
            JsonNode kept = Json.read(written);
            if (!kept.path(COMMAND).asText().equals(command(one))
                    || !hasItsGrams(one, kept)
                    || newer(one.folder(), time)
                    || newerRows(time)) {
                return Optional.empty();
            }
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(one.folder(), FileErrors.reason(e)), e);
        }
        return Optional.of(AnalysisFolder.read(folder(one)));
    }

    /** Returns true if the Gram matrices that an analysis kept are there. */
    private boolean hasItsGrams(TrainingCheckpoints.One one, JsonNode kept) {
        boolean there = Files.isRegularFile(folder(one).resolve(AnalysisFolder.GRAMS));
        return kept.path(GRAMS).equals(BooleanNode.valueOf(there));
    }

    /** Returns true if a file, or a file in a folder or in one that it links to, was changed after a time; false if it does not exist, as a sample task. */
    private static boolean newer(Path path, FileTime time) throws IOException {
        if (!Files.exists(path)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(path, FileVisitOption.FOLLOW_LINKS)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (Files.getLastModifiedTime(file).compareTo(time) > 0) {
                    return true;
                }
            }
        } catch (UncheckedIOException e) { // such as a folder that links to one above it
            throw e.getCause();
        }
        return false;
    }

    private boolean newerRows(FileTime time) throws IOException {
        if (data != null) {
            for (Path file : data.files()) {
                if (newer(file, time)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Returns the command that computes the same analysis. */
    private String command(TrainingCheckpoints.One one) {
        Map<String, Object> flags = new LinkedHashMap<>();
        flags.put("model", model(one).model());
        if (checkpoints.adapters()) {
            flags.put("adapter", one.folder());
        }
        flags.putAll(base.values().withoutDefaults().written(ModelSettings.VALUES));
        if (data != null) {
            flags.put("data", data.data());
            flags.putAll(data.values().withoutDefaults().written(DataSettings.VALUES));
        }
        flags.putAll(settings.values().withoutDefaults().written(AnalysisSettings.VALUES));
        return new EquivalentCommand("analyze", flags).commandLine();
    }
}
