package org.layerwise.study;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Json;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;
import org.layerwise.data.Dataset;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Split;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.model.LoadedHead;
import org.layerwise.model.SequenceClassifier;
import org.layerwise.tensor.TensorOwner;
import org.layerwise.training.Evaluation;
import org.layerwise.training.Evaluator;
import org.layerwise.training.Objective;
import org.layerwise.training.TaskKind;

/** Measures a model, with or without an adapter, on labelled rows. */
public final class EvaluationJob {

    /**
     * What was measured.
     *
     * @param mismatched on MNLI's other validation rows; null where they were not asked for
     */
    public record Result(Measured measured, @Nullable Measured mismatched) {

        /** The metrics of the main rows. */
        public Evaluation evaluation() {
            return measured.evaluation();
        }

        /** How many rows had a text that was longer than the limit. */
        public int cutRows() {
            return measured.cutRows() + (mismatched == null ? 0 : mismatched.cutRows());
        }
    }

    /**
     * What was measured on some rows.
     *
     * @param data short name of the rows
     * @param evaluation the task's own metrics come first
     * @param taskMetrics the names of the metrics by which the task's preset says that models are measured; empty without a
     *     preset
     * @param details where the model is wrong
     * @param cutRows rows whose text was longer than the limit
     */
    public record Measured(
            String data,
            TaskKind task,
            Evaluation evaluation,
            List<String> taskMetrics,
            EvaluationDetails details,
            int cutRows) {

        public Measured {
            taskMetrics = List.copyOf(taskMetrics);
        }
    }

    private final Workbench workbench;
    private final OpenModel model;
    private final EvaluationSettings settings;

    public EvaluationJob(Workbench workbench, OpenModel model, EvaluationSettings settings) {
        this.workbench = workbench;
        this.model = model;
        this.settings = settings;
    }

    /** With the usual number of rows with large errors. */
    public EvaluationJob(
            Workbench workbench,
            OpenModel model,
            @Nullable Path adapter,
            DataSettings data,
            @Nullable TaskKind task,
            @Nullable Path predictions,
            @Nullable Path out) {
        this(workbench, model, EvaluationSettings.of(adapter, data, task).writing(predictions, out));
    }

    /**
     * Evaluates and writes the files that were asked for.
     *
     * @throws UserException if data or adapter do not fit the model, or there is no head
     */
    public Result run(Progress progress) {
        try (TensorOwner owner = workbench.engine().owner()) {
            Path adapter = settings.adapter();
            if (adapter == null) {
                return run(ownHead(owner), model.model().config().labels().names(), progress);
            }
            try (AdaptedModel adapted =
                    AdaptedModel.load(model.model(), PeftAdapter.read(adapter, workbench.engine()), 0)) {
                return run(
                        adapted, ClassNames.of(adapter, model.model().config().labels(), adapted.labels()), progress);
            }
        }
    }

    private SequenceClassifier ownHead(TensorOwner owner) {
        int labels = model.model()
                .storedLabels()
                .orElseThrow(() -> new UserException(
                        "%s has no classification head to evaluate; train one and name it with --adapter."
                                .formatted(model.card().folder())));
        LoadedHead head = model.model().head(owner, labels, 0);
        if (!head.fresh().isEmpty()) {
            throw new UserException("%s lacks %s, so its classification head cannot be evaluated; name an adapter."
                    .formatted(model.card().folder(), String.join(", ", head.fresh())));
        }
        return SequenceClassifier.of(model.model(), head.head());
    }

    private Result run(SequenceClassifier classifier, List<String> classNames, Progress progress) {
        DataSettings other = settings.mismatched();
        double share = other == null ? 1 : 0.5;
        Measured measured =
                measure(classifier, classNames, settings.data(), settings.predictions(), progress.part(0, share));
        @Nullable
        Measured mismatched =
                other == null ? null : measure(classifier, classNames, other, null, progress.part(0.5, 1));
        Result result = new Result(measured, mismatched);
        if (settings.out() != null) {
            EvaluationFile.write(settings.out(), result);
        }
        return result;
    }

    private Measured measure(
            SequenceClassifier classifier,
            List<String> classNames,
            DataSettings data,
            @Nullable Path predictions,
            Progress progress) {
        @Nullable
        TaskKind known = settings.task() == null && classifier.labels() == 1 ? TaskKind.REGRESSION : settings.task();
        LabelUse use = TaskChoice.labelUse(model.model(), known);
        Dataset rows =
                LabelledData.numbered(workbench.read(data, use, Split.VALIDATION, progress.part(0, 0.05)), classNames);
        rows.requireLabels();
        if (classNames.isEmpty() && LabelledData.named(rows)) {
            throw new UserException(
                    "The labels of %s are names, but the model's classes have none; give numbers from 0 on."
                            .formatted(rows.location()));
        }
        TaskKind chosen = TaskChoice.of(model.model(), known, rows.labels());
        requireOutputs(chosen, classifier.labels());
        LabelledData labelled =
                LabelledData.of(model, rows, chosen, classifier.labels(), data, progress.part(0.05, 0.1));
        Evaluator.Outcome outcome = new Evaluator()
                .evaluate(classifier, labelled.tokens(), labelled.objective(), data.batch(), progress.part(0.1, 1));
        if (predictions != null) {
            write(predictions, labelled.objective(), outcome.logits());
        }
        List<String> own = data.preset() == null ? List.of() : data.preset().metrics();
        List<String> names = labelled.classNames().isEmpty() ? classNames : labelled.classNames();
        return new Measured(
                rows.name(),
                chosen,
                outcome.evaluation().withFirst(own),
                own.stream().filter(outcome.evaluation().metrics()::containsKey).toList(),
                EvaluationDetails.of(rows, labelled.objective(), names, outcome.logits(), settings.worst()),
                labelled.tokens().cutRows());
    }

    private void requireOutputs(TaskKind chosen, int outputs) {
        boolean regression = chosen == TaskKind.REGRESSION;
        if (regression != (outputs == 1)) {
            throw new UserException("The head of %s has %d %s, which does not fit --task %s; use --task %s."
                    .formatted(
                            settings.adapter() == null ? model.card().folder() : settings.adapter(),
                            outputs,
                            outputs == 1 ? "output" : "outputs",
                            chosen.id(),
                            (regression ? TaskKind.CLASSIFICATION : TaskKind.REGRESSION).id()));
        }
    }

    private static void write(Path file, Objective objective, float[][] logits) {
        WholeFiles.write(file, beside -> {
            try (BufferedWriter writer = Files.newBufferedWriter(beside)) {
                for (int row = 0; row < logits.length; row++) {
                    ObjectNode line = Json.object();
                    line.put("row", row);
                    line.set("label", Json.tree(objective.label(row)));
                    line.set("predicted", Json.tree(objective.predicted(logits[row])));
                    ArrayNode values = line.putArray("logits");
                    for (float logit : logits[row]) {
                        values.add(logit);
                    }
                    writer.write(Json.line(line));
                    writer.newLine();
                }
            }
        });
    }
}
