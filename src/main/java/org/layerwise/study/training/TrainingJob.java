package org.layerwise.study.training;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.CancelledException;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.UnfinishedFiles;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.BaseModel;
import org.layerwise.run.EvaluationAndCheckpoints;
import org.layerwise.run.ExistingRun;
import org.layerwise.run.MetricsLog;
import org.layerwise.run.ProcessMemory;
import org.layerwise.run.Run;
import org.layerwise.run.RunCheckpoint;
import org.layerwise.run.RunCheckpoints;
import org.layerwise.run.RunConfig;
import org.layerwise.run.RunEvents;
import org.layerwise.run.RunFile;
import org.layerwise.run.RunFileNames;
import org.layerwise.run.RunHistory;
import org.layerwise.run.RunLock;
import org.layerwise.run.RunLog;
import org.layerwise.run.RunState;
import org.layerwise.run.SummaryFile;
import org.layerwise.run.TrainingSummary;
import org.layerwise.run.uncertainty.RowMetrics;
import org.layerwise.settings.BestMetric;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.StartMode;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.PrecisionStep;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.ClassNames;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.model.Versions;
import org.layerwise.study.report.AdapterCard;
import org.layerwise.training.FrozenOutputs;
import org.layerwise.training.Trainer;
import org.layerwise.training.TrainerSettings;
import org.layerwise.training.TrainingListener;

/**
 * Training that writes into one run folder: {@code adapter/}, with PiSSA, OLoRA and LoRA-GA {@code adapter-initial/}, {@code
 * checkpoints/}, {@code metrics.jsonl}, {@code config.yaml}, {@code run.json}, {@code methods.txt}, {@code
 * evaluated-rows.json} and {@code summary.json}. A sample task without a validation file is evaluated on its own
 * validation rows.
 *
 * @param start treatment of a run that exists in the folder already
 * @param pause pauses the training between steps
 */
public record TrainingJob(
        Workbench workbench,
        OpenModel model,
        DataSettings data,
        TrainingSettings settings,
        Path out,
        StartMode start,
        PauseSwitch pause) {

    /** Creates a training that starts from the beginning and cannot be paused. */
    public TrainingJob(Workbench workbench, OpenModel model, DataSettings data, TrainingSettings settings, Path out) {
        this(workbench, model, data, settings, out, StartMode.OVERWRITE, new PauseSwitch());
    }

    /**
     * Trains the adapters. If cancelled, the training keeps the adapter of its last complete step, writes a checkpoint
     * to resume from and a summary, and returns.
     *
     * @throws UserException if data, settings or the initial adapter do not fit the model, a run cannot be resumed, the
     *     loss is NaN or infinite, memory runs out or a file cannot be written; {@code run.json} then holds the reason
     * @throws CancelledException if cancelled before the training could start
     */
    public TrainingSummary run(Progress progress, TrainingListener listener) {
        model.model(); // refuses a model without weights before the rows are read
        try (TrainingInputs material =
                TrainingInputs.read(workbench, model, data, settings, goesOn() ? out : null, progress.part(0, 0.05))) {
            TrainingRequest.requireUsable(data, settings, material);
            WritablePaths.requireFolder(out);
            try (RunLock lock = RunLock.take(out)) {
                return run(material, progress.part(0.05, 1), listener);
            }
        }
    }

    private TrainingSummary run(TrainingInputs material, Progress progress, TrainingListener listener) {
        TrainingRequest run = TrainingRequest.of(out, model, data, settings, material);
        if (start == StartMode.RESUME) {
            run = run.resumed(out, model);
        }
        ExistingRun.requireReplaceable(out, start);
        Optional<RunCheckpoint> from = from(material, run.flags(), listener);
        RunFile file;
        UnfinishedFiles.deleteIn(out);
        if (from.isEmpty()) {
            ExistingRun.forget(out);
        }
        RunConfig.write(out, run.flags());
        file = RunFile.begin(out, run.subject(model, data, Versions.of(workbench.engine(), model)), from.isPresent());
        try {
            TrainingSummary summary = train(run, from, progress, listener);
            file.end(summary.cancelled() ? RunState.CANCELLED : RunState.FINISHED, null);
            return summary;
        } catch (RuntimeException | OutOfMemoryError e) {
            throw failed(file, e);
        }
    }

    private boolean goesOn() {
        return start == StartMode.RESUME && Files.isDirectory(out.resolve(RunCheckpoints.FOLDER));
    }

    private static RuntimeException failed(RunFile file, Throwable failure) {
        RuntimeException told = RunFailure.told(failure);
        try {
            file.end(RunState.FAILED, RunFailure.reason(told));
        } catch (UserException e) {
            told.addSuppressed(e); // the file system that made the run fail may refuse this file as well
        }
        return told;
    }

    /** Returns the checkpoint to resume from; empty if the run starts from the beginning. */
    private Optional<RunCheckpoint> from(
            TrainingInputs material, Map<String, Object> flags, TrainingListener listener) {
        if (start != StartMode.RESUME) {
            return Optional.empty();
        }
        Optional<RunCheckpoints.Found> found = new RunCheckpoints(out).last(workbench.engine(), listener::noted);
        if (found.isEmpty()) {
            ExistingRun.requireNothingLearnt(out);
            listener.noted("There is no checkpoint in %s; the training starts anew.".formatted(out));
            return Optional.empty();
        }
        RunCheckpoint checkpoint = found.get().checkpoint();
        RunConfig.requireSame(out, flags);
        ExistingRun.requireType(out, model.card().dtype());
        checkpoint.identity().requireUnchanged(material.identity(), out);
        listener.noted("Going on after step %s, from %s."
                .formatted(checkpoint.state().step(), found.get().folder()));
        return Optional.of(checkpoint);
    }

    private TrainingSummary train(
            TrainingRequest run, Optional<RunCheckpoint> from, Progress progress, TrainingListener listener) {
        TrainingInputs material = run.material();
        TrainingMemory needs =
                TrainingMemory.of(model, material, run.trainer(), settings, workbench.available(model.computeDevice()));
        TrainerSettings trainer = run.trainer().with(memory(needs, from, material));
        AdaptedModel adapted = material.adapted();
        TrainingRemarks.of(model, data, settings, material).forEach(listener::noted);
        TrainingRequest.whyComputedAgain(model).ifPresent(listener::noted);
        if (from.isEmpty()) {
            PrecisionStep.besideOtherWork(
                            workbench,
                            model,
                            settings.adapter().initial(),
                            Optional.of(adapted.transformer()),
                            material.train().tokens(),
                            progress.silent())
                    .ifPresent(listener::noted);
        }
        needs.estimate().warning().ifPresent(listener::noted);
        saveInitial(adapted, model.base(), out);
        ProcessMemory.restartPeak();
        Path metrics = out.resolve(MetricsLog.NAME);
        try (MetricsLog log = new MetricsLog(
                        metrics, from.map(RunCheckpoint::metricsBytes).orElse(0L));
                @Nullable
                        RunEvents events = settings.get(RunSettings.REPORT_TO) == RunSettings.Report.TENSORBOARD
                                ? events(run.flags(), trainer)
                                : null) {
            RunLog told = events == null ? log : RunLog.all(List.of(log, events));
            RunListener heard = new RunListener(
                    told,
                    listener,
                    RunHistory.read(metrics, trainer.schedule().steps()).stepSeconds(),
                    from.map(checkpoint -> checkpoint.state().seconds()).orElse(0.0));
            EvaluationSetEvaluator looks = new EvaluationSetEvaluator(material, told, heard, progress);
            EvaluationAndCheckpoints course = course(material, trainer, log, looks, heard);
            if (from.isPresent()) {
                course.resume(from.get());
            } else {
                course.begin();
            }
            Trainer.Outcome outcome = course.stopped() && from.isPresent()
                    ? ended(adapted, from.get())
                    : new Trainer(
                                    adapted,
                                    material.train().tokens(),
                                    material.train().objective(),
                                    trainer,
                                    out)
                            .train(
                                    from.map(RunCheckpoint::state).orElse(null),
                                    pause,
                                    progress.part(0.1, 0.95),
                                    heard,
                                    course);
            model.requireUnchanged(); // a checkpoint is of the weights that its identity names
            course.takeBest();
            saveAdapter(material);
            Optional<EvaluationAndCheckpoints.Measured> test = looks.test(outcome.steps());
            model.requireUnchanged();
            Optional<RunCheckpoint.Evaluated> kept = course.kept(outcome.steps());
            TrainingSummary summary = new TrainingSummary(
                    out,
                    outcome.cancelled() || progress.cancelled(),
                    course.stopped() && outcome.steps() < trainer.schedule().steps(),
                    outcome.steps(),
                    kept.map(RunCheckpoint.Evaluated::step).orElse(outcome.steps()),
                    material.train().tokens().cutRows(),
                    adapted.config().layers(),
                    adapted.adapterParameters(),
                    adapted.trainableParameters(),
                    adapted.totalParameters(),
                    course.before().orElse(null),
                    kept.map(RunCheckpoint.Evaluated::evaluation).orElse(null),
                    test.map(EvaluationAndCheckpoints.Measured::evaluation).orElse(null),
                    outcome.lastLoss(),
                    outcome.seconds(),
                    heard.medianStepSeconds(),
                    ProcessMemory.peak().orElse(0));
            write(
                    summary,
                    material,
                    kept.map(RunCheckpoint.Evaluated::rows).orElse(null),
                    test.map(EvaluationAndCheckpoints.Measured::rows).orElse(null));
            return summary;
        }
    }

    /**
     * Returns the use of memory. A run that goes on keeps the outputs of frozen layers if it did so before, unless it is
     * told otherwise, so that its losses are those of an uninterrupted run.
     */
    private TrainerSettings.Memory memory(TrainingMemory needs, Optional<RunCheckpoint> from, TrainingInputs material) {
        if (from.isEmpty() || settings.values().find(RunSettings.PREFIX_CACHE).isPresent()) {
            return needs.memory();
        }
        boolean cached = from.get().state().prefixCached();
        return new TrainerSettings.Memory(
                needs.memory().checkpointing(),
                cached
                        ? FrozenOutputs.bytes(
                                material.adapted(), material.train().tokens())
                        : 0);
    }

    private RunEvents events(Map<String, Object> flags, TrainerSettings trainer) {
        return RunEvents.begin(
                out,
                flags,
                RunHistory.read(out.resolve(MetricsLog.NAME), trainer.schedule().steps()));
    }

    /** Returns the outcome of a training that had already stopped early when its last checkpoint was written. */
    private static Trainer.Outcome ended(AdaptedModel adapted, RunCheckpoint from) {
        adapted.assign(from.state().weights());
        return new Trainer.Outcome(
                from.state().step(),
                false,
                from.state().lastLoss(),
                from.state().seconds());
    }

    private EvaluationAndCheckpoints course(
            TrainingInputs material,
            TrainerSettings trainer,
            MetricsLog log,
            EvaluationSetEvaluator looks,
            TrainingListener listener) {
        return new EvaluationAndCheckpoints(
                material.adapted(),
                trainer,
                settings,
                BestMetric.of(settings.values(), data.preset(), material.task()),
                material.identity(),
                looks,
                log,
                new RunCheckpoints(out),
                trainer.batches().stepsPerEpoch(material.train().tokens().size()),
                listener);
    }

    private void write(
            TrainingSummary summary,
            TrainingInputs material,
            @Nullable RowMetrics validation,
            @Nullable RowMetrics test) {
        SummaryFile.Subject subject = new SummaryFile.Subject(
                model.card().name(),
                data.data(),
                material.task(),
                material.train().tokens().size(),
                model.card().layers(),
                material.adapted().config());
        Map<String, String> versions = Versions.of(workbench.engine(), model);
        String layersReason = Run.open(out).layersReason();
        String methods = TrainingMethods.of(
                summary,
                subject,
                data,
                TrainingMethods.Recipe.of(data, settings, subject.samples()),
                layersReason,
                versions);
        AtomicFiles.writeString(out.resolve(RunFileNames.METHODS), methods);
        new AdapterCard(
                        model.origin(),
                        material.identity().modelSha256(),
                        material.use(model),
                        summary.layers(),
                        model.card().layers(),
                        layersReason,
                        summary.results(),
                        versions,
                        methods)
                .write(out.resolve(RunFileNames.ADAPTER));
        Map<String, RowMetrics> rows = new LinkedHashMap<>();
        if (validation != null) {
            rows.put(TrainingSummary.VALIDATION, validation);
        }
        if (test != null) {
            rows.put(TrainingSummary.TEST, test);
        }
        SummaryFile.write(summary, subject, SummaryFile.writeRows(out, rows), Versions.of(workbench.engine()));
    }

    private void saveAdapter(TrainingInputs material) {
        Path adapter = out.resolve(RunFileNames.ADAPTER);
        material.adapted().toPeft(model.base()).write(adapter);
        ClassNames.write(adapter, material.train().classNames());
    }

    /**
     * Writes the initial adapter of PiSSA, OLoRA or LoRA-GA, which is taken out of the weights, into a run's folder, since
     * {@code convert-adapter} needs it, and a run by LoRA-GA to go on. Other variants write nothing.
     *
     * @param fresh model before the training
     * @param base base model, as the adapter references it
     * @param out folder of the run
     * @throws UserException if the adapter cannot be written
     */
    public static void saveInitial(AdaptedModel fresh, BaseModel base, Path out) {
        fresh.initial(base).ifPresent(initial -> initial.write(out.resolve(RunFileNames.INITIAL)));
    }
}
