package org.layerwise.study.evaluation;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.Dataset;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Split;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.ClassificationHead;
import org.layerwise.model.LanguageModelHead;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.run.RowsIdentity;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.LabelledData;
import org.layerwise.study.model.OpenModel;
import org.layerwise.training.Objective;
import org.layerwise.training.PredictionDivergence;
import org.layerwise.training.TaskKind;

/**
 * Compares the predictions of two models, or of one with and without an adapter, on the same rows.
 *
 * @param one first model
 * @param other second model; its open model may be that of the first
 * @param data rows; those of a sample task are its validation rows
 */
public record PredictionComparisonJob(Workbench workbench, Side one, Side other, DataSettings data) {

    /**
     * Model to compare.
     *
     * @param model open model
     * @param adapter folder of a PEFT adapter; null for the checkpoint's own head
     */
    public record Side(OpenModel model, @Nullable Path adapter) {

        /** Returns the name of the model, with its adapter if there is one. */
        String name() {
            String name = model.card().name();
            return adapter == null ? name : "%s with %s".formatted(name, adapter);
        }
    }

    /**
     * Compares the predictions.
     *
     * @throws UserException if the models have different tasks, classes, tokens or vocabularies, are regressions, or give numbers that
     *     are not finite
     */
    public PredictionComparison run(Progress progress) {
        try (MeasuredModel first = open(one, progress.part(0, 0.05));
                MeasuredModel second = open(other, progress.part(0.05, 0.1))) {
            boolean tokens = first.model().head() instanceof LanguageModelHead;
            if (tokens != second.model().head() instanceof LanguageModelHead) {
                throw new UserException(
                        "%s predicts %s and %s %s, so there is nothing to compare; name two models of one task."
                                .formatted(one.name(), outcomes(tokens), other.name(), outcomes(!tokens)));
            }
            List<String> remarks = Stream.concat(first.remarks().stream(), second.remarks().stream())
                    .distinct()
                    .toList();
            PredictionComparison compared = tokens
                    ? languageModels(first, second, remarks, progress.part(0.1, 1))
                    : classifiers(first, second, remarks, progress.part(0.1, 1));
            one.model().requireUnchanged();
            other.model().requireUnchanged();
            return compared;
        }
    }

    private static String outcomes(boolean tokens) {
        return tokens ? "tokens" : "classes";
    }

    private MeasuredModel open(Side side, Progress progress) {
        return MeasuredModel.open(workbench, side.model(), side.adapter(), null, progress);
    }

    private PredictionComparison languageModels(
            MeasuredModel first, MeasuredModel second, List<String> remarks, Progress progress) {
        int vocabulary = vocabulary(first);
        if (vocabulary != vocabulary(second)) {
            throw new UserException(
                    "%s predicts %s tokens and %s %s, so their distributions cannot be compared; name two models with one vocabulary."
                            .formatted(one.name(), vocabulary, other.name(), vocabulary(second)));
        }
        Dataset rows = workbench.read(data, LabelUse.AUTO, Split.VALIDATION, progress.part(0, 0.05));
        LabelledData labelled = labelled(one.model(), rows, progress.part(0.05, 0.1));
        if (other.model() != one.model()
                && !RowsIdentity.of(labelled.tokens())
                        .isSame(RowsIdentity.of(labelled(other.model(), rows, progress.part(0.1, 0.15))
                                .tokens()))) {
            throw new UserException(
                    "The tokenizers of %s and %s make different tokens of %s, so predictions of the next token cannot be compared; name two models with one tokenizer."
                            .formatted(one.name(), other.name(), rows.location()));
        }
        PredictionDivergence.Rows found = PredictionDivergence.ofLanguageModels(
                first.model(),
                second.model(),
                labelled.tokens(),
                (Objective.NextTokens) labelled.objective(),
                data.batch(),
                progress.part(0.15, 1));
        return result(rows, TaskKind.CAUSAL_LM, found, labelled.tokens().cutRows(), remarks);
    }

    private static int vocabulary(MeasuredModel model) {
        return ((LanguageModelHead) model.model().head()).output().out();
    }

    private LabelledData labelled(OpenModel model, Dataset rows, Progress progress) {
        return LabelledData.of(model, rows, TaskKind.CAUSAL_LM, 1, data, progress);
    }

    private PredictionComparison classifiers(
            MeasuredModel first, MeasuredModel second, List<String> remarks, Progress progress) {
        requireSameClasses(first, second);
        Dataset rows = workbench.read(data, LabelUse.IGNORE, Split.VALIDATION, progress.part(0, 0.05));
        TokenizedDataset tokens = one.model().tokenize(rows, data, progress.part(0.05, 0.1));
        TokenizedDataset others =
                other.model() == one.model() ? tokens : other.model().tokenize(rows, data, progress.part(0.1, 0.15));
        float[][] logits =
                PredictionDivergence.classLogits(first.model(), tokens, data.batch(), progress.part(0.15, 0.55));
        float[][] otherLogits =
                PredictionDivergence.classLogits(second.model(), others, data.batch(), progress.part(0.55, 0.98));
        PredictionDivergence.Rows found = PredictionDivergence.ofClasses(workbench.engine(), logits, otherLogits);
        int cut = Math.max(tokens.cutRows(), others.cutRows());
        return result(rows, TaskKind.CLASSIFICATION, found, cut, remarks);
    }

    private void requireSameClasses(MeasuredModel first, MeasuredModel second) {
        int classes = ((ClassificationHead) first.model().head()).labels();
        int others = ((ClassificationHead) second.model().head()).labels();
        if (classes == 1 || others == 1) {
            throw new UserException(
                    "%s predicts one number, which has no distribution; name two classifiers, or two language models."
                            .formatted((classes == 1 ? one : other).name()));
        }
        if (classes != others) {
            throw new UserException(
                    "%s has %s classes and %s %s, so their distributions cannot be compared; name two models with the same classes."
                            .formatted(one.name(), classes, other.name(), others));
        }
        if (named(first) && named(second) && !first.classNames().equals(second.classNames())) {
            throw new UserException(
                    "The classes of %s are %s and those of %s %s; name two models with the same classes in the same order."
                            .formatted(
                                    one.name(),
                                    String.join(", ", first.classNames()),
                                    other.name(),
                                    String.join(", ", second.classNames())));
        }
    }

    private static boolean named(MeasuredModel model) {
        return !model.classNames().isEmpty() && !ModelConfig.Labels.placeholders(model.classNames());
    }

    private PredictionComparison result(
            Dataset rows, TaskKind task, PredictionDivergence.Rows found, int cutRows, List<String> remarks) {
        for (int row = 0; row < found.divergence().length; row++) {
            if (Double.isNaN(found.divergence()[row])) {
                throw new UserException(
                        "Row %s of %s gives numbers that are not finite in one of the two models; choose --dtype f32, or look for a broken weight."
                                .formatted(rows.number(row), rows.location()));
            }
        }
        return new PredictionComparison(
                one.name(),
                other.name(),
                rows.name(),
                task,
                found,
                IntStream.range(0, rows.size()).mapToObj(rows::number).toList(),
                cutRows,
                remarks);
    }
}
