package org.layerwise.study.model;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.Dataset;
import org.layerwise.data.Excerpt;
import org.layerwise.data.Labels;
import org.layerwise.data.TaskPreset;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.selection.export.ExportedHead;
import org.layerwise.settings.DataSettings;
import org.layerwise.training.Objective;
import org.layerwise.training.TaskKind;

/**
 * Rows that a model can be trained or evaluated on.
 *
 * @param name name of the data
 * @param tokens rows as token ids
 * @param objective objective that compares the model's outputs with the labels
 * @param classNames names of the classes; empty if classes are numbers, or there are none
 */
public record LabelledData(String name, TokenizedDataset tokens, Objective objective, List<String> classNames) {

    /** Returns the number of outputs that the labels need; a classifier has at least two. */
    public static int outputs(TaskKind task, Labels labels) {
        return task == TaskKind.CLASSIFICATION && labels instanceof Labels.Classes classes
                ? Math.max(2, classes.count())
                : 1;
    }

    /** Returns the number of outputs of the head to train on labels: those of the model's own head, if it has one. */
    public static int outputs(TransformerModel model, TaskKind task, Labels labels) {
        return task == TaskKind.REGRESSION ? 1 : model.storedLabels().orElseGet(() -> outputs(task, labels));
    }

    /**
     * Returns the head that a training of a classifier on labels has; null if its number of outputs is
     * not known.
     *
     * @param task task of the training; null for the one that the model and the labels suggest
     */
    public static @Nullable ExportedHead exportedHead(OpenModel model, @Nullable TaskKind task, Labels labels) {
        TaskKind chosen = TaskChoice.of(model.described(), task, labels);
        if (chosen == TaskKind.REGRESSION || model.described().storedLabels().isPresent()) {
            return new ExportedHead(outputs(model.described(), chosen, labels), 0);
        }
        if (chosen != TaskKind.CLASSIFICATION || !(labels instanceof Labels.Classes classes)) {
            return null;
        }
        boolean namedByFile = classes.numbered() && !classes.names().isEmpty();
        return new ExportedHead(outputs(chosen, classes), namedByFile ? 0 : classes.size());
    }

    /**
     * Checks the labels against the head and tokenizes the rows.
     *
     * @param outputs number of outputs of the head; ignored for a language model
     * @throws org.layerwise.base.UserException if a label is outside of the head's range, or the labels are of another
     *     kind
     */
    public static LabelledData of(
            OpenModel model, Dataset rows, TaskKind task, int outputs, DataSettings settings, Progress progress) {
        if (task == TaskKind.CAUSAL_LM) {
            TokenizedDataset tokens = model.tokenizeToLearn(rows, settings, progress);
            Objective.NextTokens objective = new Objective.NextTokens(tokens.nextTokens());
            int[] all = IntStream.range(0, tokens.size()).toArray();
            if (objective.weight(all) == 0) {
                throw new UserException(
                        "%s has no token to learn: every row is cut before its answer, or has none; raise max-length or choose other data."
                                .formatted(rows.location()));
            }
            return new LabelledData(rows.name(), tokens, objective, List.of());
        }
        rows.requireLabels();
        if (task == TaskKind.REGRESSION) {
            Dataset numbers = rows.asNumbers();
            return new LabelledData(
                    rows.name(),
                    model.tokenize(numbers, settings, progress),
                    new Objective.Regression((Labels.Numbers) numbers.labels()),
                    List.of());
        }
        rows.requireClassesBelow(outputs);
        Dataset fitting = fitting(model, rows, outputs);
        Labels.Classes classes = (Labels.Classes) fitting.labels();
        return new LabelledData(
                rows.name(),
                model.tokenize(fitting, settings, progress),
                new Objective.Classification(classes, outputs),
                classes.names());
    }

    /**
     * Numbers the named classes of rows in the order of the model. Rows with numbered classes are returned unchanged,
     * unless both their file and the model name the classes.
     *
     * @param preset kind of dataset of the rows; null if unknown
     * @param knownNames names of the model's classes; empty if there are none
     * @throws UserException if a class name is unknown to the model, or a number stands for another class in the model
     */
    public static Dataset numbered(Dataset rows, @Nullable TaskPreset preset, List<String> knownNames) {
        if (knownNames.isEmpty()) {
            return rows;
        }
        if (numberedByFile(rows) && numbers(knownNames)) {
            return rows;
        }
        if (named(rows)) {
            return rows.withClassNames(knownNames);
        }
        rows.requireNoNamesOfOthers(knownNames);
        if (preset != null) {
            preset.requireOrder(rows, knownNames);
        }
        return rows;
    }

    /**
     * Numbers the classes of rows in the order of a trained head.
     *
     * @param preset kind of dataset of the rows; null if unknown
     * @param headNames names of the head's classes; empty if there are none
     * @throws UserException if the rows have class names and the head has none, or a class name is unknown to the head
     */
    public static Dataset numberedAsHead(Dataset rows, @Nullable TaskPreset preset, List<String> headNames) {
        if (headNames.isEmpty() && named(rows) && !numberedByFile(rows)) {
            throw new UserException(
                    "The labels of %s are names, but the model's classes have none; give numbers from 0 on."
                            .formatted(rows.location()));
        }
        return numbered(rows, preset, headNames);
    }

    /** Returns true if the rows hold class numbers, with or without names of these numbers in their file. */
    private static boolean numberedByFile(Dataset rows) {
        return rows.labels() instanceof Labels.Classes classes && classes.numbered();
    }

    /** Returns true if the names of a head are placeholders, or the classes' own numbers. */
    private static boolean numbers(List<String> headNames) {
        return ModelConfig.Labels.placeholders(headNames)
                || IntStream.range(0, headNames.size())
                        .allMatch(index -> headNames.get(index).equals(Integer.toString(index)));
    }

    /**
     * Returns rows with a name for each output of a head, and remarks on a file that names more or fewer classes. Names
     * of the file are kept for the outputs that exist, so that other rows are compared with them.
     *
     * @param outputs number of outputs of the head
     * @throws UserException if a label is outside of the head's range
     */
    public static Dataset fitting(OpenModel model, Dataset rows, int outputs) {
        if (!(rows.labels() instanceof Labels.Classes classes)
                || !classes.numbered()
                || classes.names().isEmpty()
                || classes.names().size() == outputs) {
            return rows;
        }
        rows.requireClassesBelow(outputs);
        model.note("%s names %s (%s), but the model's head has %s; the classes are taken by number."
                .formatted(
                        rows.location(),
                        classes.names().size() == 1
                                ? "1 class"
                                : classes.names().size() + " classes",
                        Excerpt.list(classes.names()),
                        Excerpt.count(outputs, "output")));
        List<String> names = ModelConfig.Labels.named(classes.names(), outputs);
        return rows.withLabels(new Labels.Classes(classes.values(), names, true));
    }

    /** Returns true if the classes of rows are given by name, or their file names their numbers. */
    static boolean named(Dataset rows) {
        return rows.labels() instanceof Labels.Classes classes
                && !classes.names().isEmpty();
    }
}
