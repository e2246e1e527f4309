package org.layerwise.data;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;

/**
 * Kind of dataset whose layouts are known: roles of the columns, form of the text, names of the classes and metrics.
 * The GLUE tasks (Wang et al., 2019) are known as GLUE's own TSV files and as HuggingFace's Parquet and JSON Lines;
 * class names get HuggingFace's numbers.
 */
public enum TaskPreset {
    COLA(
            "cola",
            "CoLA",
            Kind.CLASSES,
            names("unacceptable", "acceptable"),
            names("matthews"),
            one("sentence", "label")),
    SST2("sst2", "SST-2", Kind.CLASSES, names("negative", "positive"), names("accuracy"), one("sentence", "label")),
    MRPC(
            "mrpc",
            "MRPC",
            Kind.CLASSES,
            names("not_equivalent", "equivalent"),
            names("accuracy", "f1"),
            pair("#1 String", "#2 String", "Quality"),
            pair("sentence1", "sentence2", "label")),
    QQP(
            "qqp",
            "QQP",
            Kind.CLASSES,
            names("not_duplicate", "duplicate"),
            names("accuracy", "f1"),
            pair("question1", "question2", "is_duplicate"),
            pair("question1", "question2", "label")),
    STSB(
            "stsb",
            "STS-B",
            Kind.NUMBERS,
            names(),
            names("pearson", "spearman"),
            pair("sentence1", "sentence2", "score"),
            pair("sentence1", "sentence2", "label")),
    MNLI(
            "mnli",
            "MNLI",
            Kind.CLASSES,
            names("entailment", "neutral", "contradiction"),
            names("accuracy"),
            pair("sentence1", "sentence2", "gold_label"),
            pair("premise", "hypothesis", "label")),
    /** MNLI with the mismatched genres as validation rows. */
    MNLI_MISMATCHED("mnli-mm", "MNLI mismatched", Kind.CLASSES, MNLI.classNames, names("accuracy"), MNLI.layouts),
    QNLI(
            "qnli",
            "QNLI",
            Kind.CLASSES,
            names("entailment", "not_entailment"),
            names("accuracy"),
            pair("question", "sentence", "label")),
    RTE(
            "rte",
            "RTE",
            Kind.CLASSES,
            names("entailment", "not_entailment"),
            names("accuracy"),
            pair("sentence1", "sentence2", "label")),
    WNLI(
            "wnli",
            "WNLI",
            Kind.CLASSES,
            names("not_entailment", "entailment"),
            names("accuracy"),
            pair("sentence1", "sentence2", "label")),
    /** Instructions with answers, such as MetaMathQA, Code-Feedback, GSM8K and MATH. */
    INSTRUCTION(
            "instruction",
            "Instructions",
            Kind.INSTRUCTION,
            names(),
            names("loss"),
            pair("instruction", "output", null),
            pair("query", "response", null),
            pair("instruction", "response", null),
            pair("question", "answer", null),
            pair("problem", "solution", null)),
    /** Conversations as lists of turns. */
    CHAT(
            "chat",
            "Chat messages",
            Kind.CHAT,
            names(),
            names("loss"),
            one("messages", null),
            one("conversations", null),
            one("conversation", null)),
    /**
     * ScienceQA (Lu et al., 2022): the questions that have an image; also in its original folder with
     * {@code problems.json}.
     */
    SCIENCE_QA("scienceqa", "ScienceQA", Kind.IMAGE_QUESTION, names(), names("accuracy"), one("question", null));

    /** Use of the columns. */
    private enum Kind {
        CLASSES,
        NUMBERS,
        INSTRUCTION,
        CHAT,
        IMAGE_QUESTION
    }

    /** Columns by their role; null if there is none. */
    public record Layout(String first, @Nullable String second, @Nullable String label) {}

    private final String id;
    private final String title;
    private final Kind kind;
    private final List<String> classNames;
    private final List<String> metrics;
    private final List<Layout> layouts;

    TaskPreset(String id, String title, Kind kind, List<String> classNames, List<String> metrics, Layout... layouts) {
        this(id, title, kind, classNames, metrics, List.of(layouts));
    }

    TaskPreset(
            String id, String title, Kind kind, List<String> classNames, List<String> metrics, List<Layout> layouts) {
        this.id = id;
        this.title = title;
        this.kind = kind;
        this.classNames = classNames;
        this.metrics = metrics;
        this.layouts = layouts;
    }

    /** Returns the name in flags and files. */
    @JsonValue
    public String id() {
        return id;
    }

    /** Returns the name shown to users. */
    public String title() {
        return title;
    }

    /** Returns the form of the texts. */
    public TextForm form() {
        return switch (kind) {
            case CLASSES, NUMBERS -> TextForm.PLAIN;
            case INSTRUCTION -> TextForm.INSTRUCTION;
            case CHAT -> TextForm.CHAT;
            case IMAGE_QUESTION -> TextForm.IMAGE_QUESTION;
        };
    }

    /** Returns the names of the classes by their number in HuggingFace's files; empty if labels are not classes. */
    public List<String> classNames() {
        return classNames;
    }

    /** Returns the metrics of the task: {@code matthews}, {@code accuracy}, {@code f1} and so on. */
    public List<String> metrics() {
        return metrics;
    }

    /** Returns true if this is one of the GLUE tasks. */
    public boolean isGlue() {
        return kind == Kind.CLASSES || kind == Kind.NUMBERS;
    }

    /** Returns true if the labels are numbers. */
    public boolean numbers() {
        return kind == Kind.NUMBERS;
    }

    /** Returns true if the labels are classes. If they are neither classes nor numbers, there are no labels. */
    public boolean classes() {
        return kind == Kind.CLASSES;
    }

    /**
     * Returns the name of the task of data of this kind: the preset's own name if the preset is one task, and the name
     * of the data if many tasks have the layout of the preset.
     *
     * @param dataName short name of the data, which may be only the name of a part ({@code train})
     */
    public String task(String dataName) {
        return switch (kind) {
            case CLASSES, NUMBERS, IMAGE_QUESTION -> id;
            case INSTRUCTION, CHAT -> dataName;
        };
    }

    public List<Layout> layouts() {
        return layouts;
    }

    /**
     * Makes sure that this preset and a head with the same classes number these classes in the same way.
     *
     * @param rows rows of this kind, labelled by numbers
     * @param headNames names of the head's classes by their number
     * @throws UserException if the head has a class of the rows under another number
     */
    public void requireOrder(Dataset rows, List<String> headNames) {
        List<String> own = letters(classNames);
        List<String> other = letters(headNames);
        if (!(rows.labels() instanceof Labels.Classes classes) || !(other.containsAll(own) || own.containsAll(other))) {
            return;
        }
        for (int row = 0; row < classes.size(); row++) {
            int label = classes.of(row);
            if (label < Math.min(own.size(), other.size()) && !own.get(label).equals(other.get(label))) {
                throw new UserException(
                        "Label %s in %s is \"%s\" of %s, but \"%s\" of the model (%s); label the rows by the model's names, or leave out --preset to mean the model's numbers."
                                .formatted(
                                        label,
                                        rows.place(row),
                                        classNames.get(label),
                                        title,
                                        Excerpt.text(headNames.get(label)),
                                        Excerpt.list(headNames)));
            }
        }
    }

    /**
     * Returns names in a form that is equal for different spellings of a name, such as NOT-ENTAILMENT and
     * not_entailment.
     */
    private static List<String> letters(List<String> names) {
        return names.stream()
                .map(name -> name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", ""))
                .toList();
    }

    private static List<String> names(String... names) {
        return List.of(names);
    }

    private static Layout one(String text, @Nullable String label) {
        return new Layout(text, null, label);
    }

    private static Layout pair(String first, String second, @Nullable String label) {
        return new Layout(first, second, label);
    }
}
