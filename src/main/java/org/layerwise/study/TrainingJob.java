package org.layerwise.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;
import org.layerwise.data.Dataset;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Labels;
import org.layerwise.data.Split;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.LoraConfig;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.training.Evaluation;
import org.layerwise.training.Evaluator;
import org.layerwise.training.TaskKind;
import org.layerwise.training.Trainer;
import org.layerwise.training.TrainerSettings;
import org.layerwise.training.TrainingListener;

/**
 * One training into one run folder: {@code adapter/}, {@code metrics.jsonl}, {@code config.yaml}, {@code methods.txt} and
 * {@code summary.json}.
 * A sample task without a validation file is evaluated on its own validation rows.
 */
public final class TrainingJob {

    /** The folder in a run's folder that holds the adapter. */
    static final String ADAPTER = "adapter";

    private final Workbench workbench;
    private final OpenModel model;
    private final DataSettings data;
    private final TrainingSettings settings;
    private final Path out;
    private final Evaluator evaluator = new Evaluator();

    public TrainingJob(Workbench workbench, OpenModel model, DataSettings data, TrainingSettings settings, Path out) {
        this.workbench = workbench;
        this.model = model;
        this.data = data;
        this.settings = settings;
        this.out = out;
    }

    /** Everything that is read before the first step. */
    private record Material(
            TaskKind task,
            LabelledData train,
            Optional<LabelledData> validation,
            Optional<LabelledData> test,
            AdaptedModel adapted)
            implements AutoCloseable {

        @Override
        public void close() {
            adapted.close();
        }
    }

    /**
     * Trains. A cancelled training leaves the adapter as its last full step made it, with a summary, and returns.
     *
     * @throws org.layerwise.base.UserException if data, settings or the initial adapter do not fit the model, or the loss
     *     is no longer a number
     * @throws CancelledException if it was cancelled before there was anything to train
     */
    public TrainingSummary run(Progress progress, TrainingListener listener) {
        try (Material material = prepare(progress.part(0, 0.05))) {
            WholeFiles.requireWritableFolder(out);
            TrainerSettings trainer = trainerSettings(material.train());
            LoraConfig lora = material.adapted().config();
            TrainingSummary summary = train(material, trainer, progress.part(0.05, 1), listener);
            SummaryFile.Subject subject = new SummaryFile.Subject(
                    model.card().name(),
                    data.data(),
                    material.task(),
                    material.train().tokens().size(),
                    model.card().layers(),
                    lora);
            WholeFiles.writeString(
                    out.resolve(MethodsText.FILE),
                    MethodsText.of(summary, subject, data, trainer, Versions.of(workbench.engine(), model)));
            SummaryFile.write(summary, subject, Versions.of(workbench.engine()));
            return summary;
        }
    }

    private Material prepare(Progress progress) {
        LabelUse use = TaskChoice.labelUse(model.model(), settings.task());
        Dataset rows = workbench.read(data, use, Split.TRAIN, progress.part(0, 0.2));
        TaskKind task = TaskChoice.of(model.model(), settings.task(), rows.labels());
        if (task != TaskKind.CAUSAL_LM) {
            rows.requireLabels();
        }
        AdaptedModel adapted = adapted(task, rows);
        try {
            requireHead(task, adapted);
            int outputs = adapted.labels().orElse(1);
            Dataset numbered = LabelledData.numbered(rows, knownNames(rows, outputs));
            LabelledData train = LabelledData.of(model, numbered, task, outputs, data, progress.part(0.2, 0.5));
            return new Material(
                    task,
                    train,
                    heldOut(validationData(), use, task, train, outputs, progress.part(0.5, 0.8)),
                    heldOut(settings.test(), use, task, train, outputs, progress.part(0.8, 1)),
                    adapted);
        } catch (RuntimeException e) {
            adapted.close();
            throw e;
        }
    }

    private AdaptedModel adapted(TaskKind task, Dataset rows) {
        Path initial = settings.adapter().initial();
        if (initial != null) {
            return AdaptedModel.load(
                    model.model(),
                    PeftAdapter.read(initial, workbench.engine()),
                    settings.adapter().dropout());
        }
        return task == TaskKind.CAUSAL_LM
                ? AdaptedModel.languageModel(model.model(), loraConfig(), settings.seed())
                : AdaptedModel.classifier(model.model(), loraConfig(), outputs(task, rows), settings.seed());
    }

    private void requireHead(TaskKind task, AdaptedModel adapted) {
        if ((task == TaskKind.CAUSAL_LM) != adapted.labels().isEmpty()) {
            throw new UserException(
                    "The adapter %s was made for another task than --task %s; name the one that it was made for."
                            .formatted(settings.adapter().initial(), task.id()));
        }
    }

    /**
     * Names of the classes that the head already knows. Names like {@code LABEL_0} bind only data that use them: a head that
     * was never named may be trained on any.
     */
    private List<String> knownNames(Dataset rows, int outputs) {
        ModelConfig.Labels labels = model.model().config().labels();
        if (settings.adapter().initial() != null) {
            return ClassNames.of(settings.adapter().initial(), labels, outputs);
        }
        boolean used = rows.labels() instanceof Labels.Classes classes
                && labels.names().containsAll(classes.names());
        return model.model().storedLabels().isPresent() && (labels.meaningful() || used) ? labels.names() : List.of();
    }

    private int outputs(TaskKind task, Dataset rows) {
        return task == TaskKind.REGRESSION
                ? 1
                : model.model().storedLabels().orElseGet(() -> LabelledData.outputs(task, rows.labels()));
    }

    private LoraConfig loraConfig() {
        AdapterSettings adapter = settings.adapter();
        SortedSet<Integer> layers =
                adapter.layers() == null ? new TreeSet<>(model.model().allLayers()) : adapter.layers();
        return new LoraConfig(
                adapter.rank(),
                adapter.alpha(),
                adapter.dropout(),
                adapter.targetModules() == null ? model.card().targetModules() : adapter.targetModules(),
                layers,
                adapter.variant(),
                adapter.bias(),
                adapter.rankPattern(),
                adapter.alphaPattern(),
                adapter.modulesToSave());
    }

    private @Nullable String validationData() {
        return settings.validation() == null && DataSettings.isSample(data.data())
                ? data.data()
                : settings.validation();
    }

    private Optional<LabelledData> heldOut(
            @Nullable String location,
            LabelUse use,
            TaskKind task,
            LabelledData train,
            int outputs,
            Progress progress) {
        if (location == null) {
            return Optional.empty();
        }
        Dataset rows = LabelledData.numbered(
                workbench.readHeldOut(data.with(location), use, progress.part(0, 0.4)), train.classNames());
        return Optional.of(LabelledData.of(model, rows, task, outputs, data, progress.part(0.4, 1)));
    }

    private TrainerSettings trainerSettings(LabelledData train) {
        OptimiserSettings optimiser = settings.optimiser();
        TrainerSettings.Grouping grouping = new TrainerSettings.Grouping(
                data.batch() == null ? DataSettings.DEFAULT_BATCH : data.batch(),
                optimiser.accumulate(),
                optimiser.byLength());
        int steps = optimiser.totalSteps(grouping.stepsPerEpoch(train.tokens().size()));
        return new TrainerSettings(
                new TrainerSettings.Optimiser(
                        optimiser.learningRate(),
                        optimiser.loraPlusRatio() == null
                                ? OptionalDouble.empty()
                                : OptionalDouble.of(optimiser.loraPlusRatio()),
                        optimiser.weightDecay(),
                        optimiser.maxGradNorm()),
                new TrainerSettings.Schedule(
                        optimiser.scheduler(), optimiser.totalWarmup(steps), steps, optimiser.shape()),
                grouping,
                optimiser.labelSmoothing(),
                optimiser.modelDropout() == null
                        ? model.model().config().dropout()
                        : ModelConfig.Dropout.everywhere(optimiser.modelDropout()),
                new TrainerSettings.Memory(
                        settings.run().gradientCheckpointing(),
                        (long) settings.run().prefixCache() << 20),
                settings.seed());
    }

    private TrainingSummary train(
            Material material, TrainerSettings trainer, Progress progress, TrainingListener listener) {
        AdaptedModel adapted = material.adapted();
        ProcessMemory.restartPeak();
        try (MetricsLog log = new MetricsLog(out.resolve("metrics.jsonl"))) {
            forgetEarlierRun();
            RunConfig.write(
                    out,
                    model,
                    data,
                    material.train().tokens().size(),
                    material.task(),
                    adapted.config(),
                    settings,
                    trainer);
            RunListener heard = new RunListener(log, listener);
            Optional<Evaluation> before = evaluate(material, material.validation(), progress.part(0, 0.1));
            before.ifPresent(evaluation -> heard.evaluated(0, evaluation));
            Trainer.Outcome outcome = new Trainer(
                            adapted, material.train().tokens(), material.train().objective(), trainer)
                    .train(progress.part(0.1, 0.9), heard, step -> evaluate(
                                    material, material.validation(), progress.silent())
                            .ifPresent(evaluation -> heard.evaluated(step, evaluation)));
            saveAdapter(material);
            Optional<Evaluation> after = evaluate(material, material.validation(), progress.part(0.9, 0.98));
            after.ifPresent(evaluation -> heard.evaluated(outcome.steps(), evaluation));
            Optional<Evaluation> test = evaluate(material, material.test(), progress.part(0.98, 1));
            test.ifPresent(evaluation -> log.evaluation(outcome.steps(), "test", evaluation));
            return new TrainingSummary(
                    out,
                    outcome.cancelled() || progress.cancelled(),
                    outcome.steps(),
                    material.train().tokens().cutRows(),
                    adapted.config().layers(),
                    adapted.adapterParameters(),
                    adapted.trainableParameters(),
                    adapted.totalParameters(),
                    before.orElse(null),
                    after.orElse(null),
                    test.orElse(null),
                    outcome.lastLoss(),
                    outcome.seconds(),
                    heard.medianStepSeconds(),
                    ProcessMemory.peak().orElse(0));
        }
    }

    /** Empty if there is nothing to evaluate on, or the work was asked to stop meanwhile. */
    private Optional<Evaluation> evaluate(Material material, Optional<LabelledData> rows, Progress progress) {
        if (rows.isEmpty() || progress.cancelled()) {
            return Optional.empty();
        }
        try {
            return Optional.of(evaluator
                    .evaluate(
                            material.adapted(), rows.get().tokens(), rows.get().objective(), null, progress)
                    .evaluation());
        } catch (CancelledException e) {
            return Optional.empty();
        }
    }

    private void saveAdapter(Material material) {
        Path adapter = out.resolve(ADAPTER);
        material.adapted().toPeft(model.baseModelName()).write(adapter);
        ClassNames.write(adapter, material.train().classNames());
    }

    // a run that is started again and dies must not look like the earlier one, nor hold its adapter
    private void forgetEarlierRun() {
        WholeFiles.deleteFolder(out.resolve(ADAPTER));
        try {
            Files.deleteIfExists(out.resolve(SummaryFile.NAME));
            Files.deleteIfExists(out.resolve(MethodsText.FILE));
        } catch (IOException e) {
            throw new UserException("Cannot write into %s: %s.".formatted(out, WholeFiles.reason(e)), e);
        }
    }
}
