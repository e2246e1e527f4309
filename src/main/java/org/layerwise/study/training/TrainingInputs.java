package org.layerwise.study.training;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.DataHash;
import org.layerwise.data.Dataset;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Labels;
import org.layerwise.data.Split;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.EvaInitialisation;
import org.layerwise.lora.Initialisation;
import org.layerwise.lora.LoraConfig;
import org.layerwise.lora.LoraGaInitialisation;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.lora.PeftConfig;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.run.FileHash;
import org.layerwise.run.ModelIdentity;
import org.layerwise.run.RowsIdentity;
import org.layerwise.run.RunFileNames;
import org.layerwise.run.RunIdentity;
import org.layerwise.settings.AdapterSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.ClassNames;
import org.layerwise.study.model.LabelledData;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.model.TaskChoice;
import org.layerwise.study.report.AdapterCard;
import org.layerwise.training.TaskKind;

/**
 * Inputs of a training, read before the first step.
 *
 * @param task task of the training
 * @param train rows to train on
 * @param validation rows of the validation files, the first of which is used during the training; empty for none
 * @param test rows that are evaluated once, at the end
 * @param adapted model with the adapters to train
 * @param identity identity of model and data
 */
public record TrainingInputs(
        TaskKind task,
        LabelledData train,
        List<EvaluationSet> validation,
        Optional<LabelledData> test,
        AdaptedModel adapted,
        RunIdentity identity)
        implements AutoCloseable {

    /**
     * Reads the data and creates the model to train.
     *
     * @throws UserException if data, settings or the initial adapter do not fit the model
     * @throws org.layerwise.base.CancelledException if cancelled
     */
    public static TrainingInputs read(
            Workbench workbench, OpenModel model, DataSettings data, TrainingSettings settings, Progress progress) {
        return read(workbench, model, data, settings, null, progress);
    }

    /**
     * Reads as {@link #read(Workbench, OpenModel, DataSettings, TrainingSettings, Progress)} does for a run that goes on.
     *
     * @param run folder of the run, whose adapters start from what it kept of their start; null for a new run
     * @throws UserException also if the run began with a start by gradients, and has not kept it
     */
    static TrainingInputs read(
            Workbench workbench,
            OpenModel model,
            DataSettings data,
            TrainingSettings settings,
            @Nullable Path run,
            Progress progress) {
        return new Reader(workbench, model, data, settings, run).read(model::identity, progress);
    }

    /** Reads as {@link #read} does, but without the files of the model's weights: their identity is unknown. */
    static TrainingInputs readWithoutWeights(
            Workbench workbench, OpenModel model, DataSettings data, TrainingSettings settings, Progress progress) {
        return new Reader(workbench, model, data, settings, null).read(ignored -> ModelIdentity.UNKNOWN, progress);
    }

    /** Returns the files of a list separated by commas, or the whole text if a file with this name exists. */
    public static List<String> locations(@Nullable String named) {
        if (named == null) {
            return List.of();
        }
        return new File(named).exists()
                ? List.of(named)
                : Arrays.stream(named.split(",")).map(String::strip).toList();
    }

    /** Returns the configuration of new adapters. */
    static LoraConfig loraConfig(OpenModel model, AdapterSettings adapter) {
        SortedSet<Integer> layers =
                adapter.layers() == null ? new TreeSet<>(model.described().allLayers()) : adapter.layers();
        return PeftConfig.of(adapter.values(), layers, List.of(), model.card().targetModules(), null, null)
                .lora(List.of());
    }

    /** Returns the use of the trained adapter, for the code in its model card that loads the adapter. */
    public AdapterCard.Use use(OpenModel model) {
        return new AdapterCard.Use(
                task,
                adapted.labels().orElse(0),
                train.classNames(),
                model.seesImages(),
                model.card().hasTokenizer(),
                adapted.config().variant(),
                !adapted.config().details().targetParameters().isEmpty());
    }

    @Override
    public void close() {
        adapted.close();
    }

    /**
     * Rules for the rows that are held out, which follow from the training's own rows.
     *
     * @param use use of the labels
     * @param names names of the classes
     * @param outputs number of outputs of the head
     */
    private record Rules(LabelUse use, TaskKind task, List<String> names, int outputs) {}

    /** Reads inputs. */
    private record Reader(
            Workbench workbench, OpenModel model, DataSettings data, TrainingSettings settings, @Nullable Path run) {

        // maximum share of the free memory for the gradients that LoRA-GA starts from
        private static final double MEMORY_SHARE = 0.25;

        TrainingInputs read(Function<Progress, ModelIdentity> weights, Progress progress) {
            List<String> heldOut = locations(settings.validation(data));
            LabelUse use = TaskChoice.labelUse(model.described(), settings.task());
            Dataset rows = workbench.read(data, use, Split.TRAIN, progress.part(0, 0.2));
            TaskKind task = TaskChoice.of(model.described(), settings.task(), rows.labels());
            if (task != TaskKind.CAUSAL_LM) {
                rows.requireLabels();
            }
            AdaptedModel adapted = adapted(task, rows, progress.part(0.2, 0.4));
            try {
                requireHead(task, adapted);
                int outputs = adapted.labels().orElse(1);
                List<String> known = knownNames(rows, outputs);
                Dataset numbered = LabelledData.numbered(rows, data.preset(), known);
                LabelledData train = LabelledData.of(model, numbered, task, outputs, data, progress.part(0.4, 0.45));
                if (settings.adapter().initial() == null) {
                    startFromRows(adapted, train, progress.part(0.45, 0.5));
                }
                // rows with numbered classes get the names of the head
                List<String> names = train.classNames().isEmpty() ? known : train.classNames();
                Rules rules = new Rules(use, task, names, outputs);
                List<EvaluationSet> validation = validation(heldOut, rules, progress.part(0.5, 0.7));
                Optional<LabelledData> test = Optional.ofNullable(settings.test())
                        .map(location -> heldOut(location, rules, progress.part(0.7, 0.8)));
                return new TrainingInputs(
                        task,
                        train,
                        validation,
                        test,
                        adapted,
                        identity(weights.apply(progress.part(0.8, 1)), rows, train, validation, test));
            } catch (RuntimeException e) {
                adapted.close();
                throw e;
            }
        }

        private void startFromRows(AdaptedModel adapted, LabelledData train, Progress progress) {
            Initialisation start = settings.adapter().variant().initialisation();
            if (start instanceof Initialisation.Eva) {
                EvaInitialisation.assign(adapted, train.tokens(), model.rowPadding(), progress);
            } else if (start instanceof Initialisation.LoraGa && run != null) {
                LoraGaInitialisation.assign(adapted, PeftAdapter.read(kept(run), workbench.engine(), progress));
            } else if (start instanceof Initialisation.LoraGa) {
                long free = workbench.available(model.computeDevice());
                LoraGaInitialisation.assign(adapted, train.tokens(), (long) (MEMORY_SHARE * free), progress);
            }
        }

        /** Returns the initial adapter of a run by LoRA-GA, whose start cannot be computed again to the last bit. */
        private static Path kept(Path run) {
            Path kept = run.resolve(RunFileNames.INITIAL);
            if (!Files.exists(kept.resolve(PeftAdapter.CONFIG))) {
                throw new UserException(
                        "%s started by LoRA-GA, and %s, without which it cannot go on, is missing; put that folder back, or start the run anew."
                                .formatted(run, kept));
            }
            return kept;
        }

        private AdaptedModel adapted(TaskKind task, Dataset rows, Progress progress) {
            RemoteWeightsCheck.requireNone(model, task, settings.adapter());
            Path initial = settings.adapter().initial();
            if (initial != null) {
                PeftAdapter start = PeftAdapter.read(initial, workbench.engine(), progress);
                double dropout = settings.adapter().dropout();
                boolean plain = !(start.config().variant().initialisation() instanceof Initialisation.TakenOut);
                return plain
                                && settings.adapter().variant().initialisation()
                                        instanceof Initialisation.TakenOut initialisation
                        ? AdaptedModel.fromTakenOut(model.described(), start, initialisation, dropout)
                        : AdaptedModel.load(model.described(), start, dropout, progress);
            }
            return task == TaskKind.CAUSAL_LM
                    ? AdaptedModel.languageModel(
                            model.described(), loraConfig(model, settings.adapter()), settings.seed(), progress)
                    : AdaptedModel.classifier(
                            model.described(),
                            loraConfig(model, settings.adapter()),
                            LabelledData.outputs(model.described(), task, rows.labels()),
                            settings.seed(),
                            progress);
        }

        private void requireHead(TaskKind task, AdaptedModel adapted) {
            if ((task == TaskKind.CAUSAL_LM) != adapted.labels().isEmpty()) {
                throw new UserException(
                        "The adapter %s was made for another task than --task %s; name the one that it was made for."
                                .formatted(settings.adapter().initial(), task.id()));
            }
        }

        /**
         * Returns the names of the classes that the head already has. Placeholders such as {@code LABEL_0} apply only to
         * data that uses them, since a head without real names can be trained on any classes.
         */
        private List<String> knownNames(Dataset rows, int outputs) {
            ModelConfig.Labels labels = model.described().config().labels();
            if (settings.adapter().initial() != null) {
                return ClassNames.of(settings.adapter().initial(), model.described(), outputs);
            }
            boolean used = rows.labels() instanceof Labels.Classes classes
                    && labels.names().containsAll(classes.names());
            return model.described().storedLabels().isPresent() && (labels.meaningful() || used)
                    ? labels.names()
                    : List.of();
        }

        /**
         * Reads the validation files. The first is used during the training; further ones are only evaluated and logged.
         */
        private List<EvaluationSet> validation(List<String> locations, Rules rules, Progress progress) {
            List<EvaluationSet> all = new ArrayList<>();
            List<String> prefixes = MetricPrefixes.prefixes(locations);
            for (int file = 0; file < locations.size(); file++) {
                all.add(new EvaluationSet(prefixes.get(file), heldOut(locations.get(file), rules, progress)));
            }
            return all;
        }

        private RunIdentity identity(
                ModelIdentity weights,
                Dataset rows,
                LabelledData train,
                List<EvaluationSet> validation,
                Optional<LabelledData> test) {
            Path initial = settings.adapter().initial();
            return new RunIdentity(
                    model.reference(),
                    weights,
                    DataHash.of(rows),
                    RowsIdentity.of(train.tokens()),
                    validation.stream()
                            .map(held -> RowsIdentity.of(held.rows().tokens()))
                            .toList(),
                    test.map(held -> RowsIdentity.of(held.tokens())).orElse(null),
                    initial == null ? null : FileHash.ofAdapter(initial));
        }

        private LabelledData heldOut(String location, Rules rules, Progress progress) {
            Dataset read = workbench.readHeldOut(data.with(location), rules.use(), progress.part(0, 0.4));
            Dataset rows = rules.task() == TaskKind.CLASSIFICATION
                    ? LabelledData.numberedAsHead(read, data.preset(), rules.names())
                    : read;
            return LabelledData.of(model, rows, rules.task(), rules.outputs(), data, progress.part(0.4, 1));
        }
    }
}
