package org.layerwise.study.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.json.Json;
import org.layerwise.lora.Initialisation;
import org.layerwise.lora.LoraVariant;
import org.layerwise.run.uncertainty.MetricIntervals;
import org.layerwise.selection.LayerList;
import org.layerwise.study.model.ModelOrigin;
import org.layerwise.training.Evaluation;
import org.layerwise.training.TaskKind;

/**
 * Model card in the folder of an adapter, {@code README.md}, in the format of the hub and PEFT: YAML with the base
 * model and tags, then text for people. The card contains no folders of this computer and no name of its user.
 *
 * @param base base model of the adapter
 * @param weightsSha256 SHA-256 hash over the weights of a base model without a revision; null if unknown
 * @param use information for loading the adapter
 * @param layers 0-based layers with adapters
 * @param of M, the model's number of layers
 * @param reason reason for the choice of the layers, in words that follow "They were chosen"; null if unknown
 * @param results evaluations by the name of their rows, in the order in which they are shown
 * @param versions versions of the software that trained the adapter, by name
 * @param methods paragraph on data, settings and results, with its references
 */
public record AdapterCard(
        ModelOrigin base,
        @Nullable String weightsSha256,
        Use use,
        SortedSet<Integer> layers,
        int of,
        @Nullable String reason,
        Map<String, Evaluation> results,
        Map<String, String> versions,
        String methods) {

    /** Name of the file in the folder of an adapter. */
    public static final String FILE = "README.md";

    private static final Pattern NOT_PLAIN = Pattern.compile("[\\p{Cntrl}`|<>\\[\\]]");

    /**
     * Information for loading an adapter.
     *
     * @param task task of the adapter
     * @param outputs number of outputs of a classification or regression head; 0 for a language model
     * @param classNames names of the classes by their number; empty if classes have no names
     * @param vision true if the model sees images
     * @param tokenizer true if the base model has a tokenizer, so that it can process text
     * @param variant variant by which the adapter was trained
     * @param experts true if weights of experts have adapters
     */
    public record Use(
            TaskKind task,
            int outputs,
            List<String> classNames,
            boolean vision,
            boolean tokenizer,
            LoraVariant variant,
            boolean experts) {

        public Use {
            classNames = List.copyOf(classNames);
        }

        /** Returns true if PEFT computes another model from the adapter whenever it loads it, unless it is converted. */
        boolean drawnAnew() {
            return variant.initialisation().isDrawnAnew();
        }

        private String pipeline() {
            return vision ? "image-text-to-text" : outputs > 0 ? "text-classification" : "text-generation";
        }
    }

    /** Writes the model card into the folder of the adapter. */
    public void write(Path adapter) {
        AtomicFiles.writeString(adapter.resolve(FILE), text());
    }

    /** Returns the content of the model card. */
    public String text() {
        List<String> lines = new ArrayList<>();
        frontMatter(lines);
        lines.add("# %s adapter for %s".formatted(use.variant().method(), plain(base.name())));
        lines.add("");
        lines.add(origin());
        lines.add("");
        lines.add("## Use");
        lines.add("");
        if (use.drawnAnew()) {
            lines.add("PEFT draws the principal part of this adapter anew whenever it loads it, and so computes another"
                    + " model. Convert the adapter first with `layerwise convert-adapter`, which writes a plain"
                    + " one.");
            lines.add("");
        }
        if (use.variant().initialisation() instanceof Initialisation.LoraGa start) {
            lines.add(
                    "The adapter was trained by %s. Its files hold what that added to the weights of the base, as plain LoRA of twice the rank that was trained, so that PEFT and other programs load it as it is."
                            .formatted(start.title()));
            lines.add("");
        }
        if (use.variant().sharded()) {
            lines.add("PEFT loads adapters of MiSS (`peft_type` `MISS`); for programs that know LoRA alone, `layerwise"
                    + " convert-adapter` writes the same adapter as plain LoRA.");
            lines.add("");
        }
        if (use.experts()) {
            lines.add("The adapter has LoRA on experts (`target_parameters`), which PEFT loads from version 0.21 on,"
                    + " with transformers 5.");
            lines.add("");
        }
        lines.add("```python");
        lines.addAll(new LoadingSnippet(base, use).lines());
        lines.add("```");
        lines.add("");
        lines.add("## Layers");
        lines.add("");
        lines.add(layersSentence());
        lines.add("");
        results(lines);
        lines.add("## Training");
        lines.add("");
        lines.add(methods.strip());
        lines.add("");
        lines.add("## Versions");
        lines.add("");
        versions.forEach((name, version) -> lines.add("- %s: %s".formatted(plain(name), plain(version))));
        return String.join("\n", lines) + "\n";
    }

    private void frontMatter(List<String> lines) {
        lines.add("---");
        if (base.kind() != ModelOrigin.Kind.FOLDER) {
            // the hub accepts only ids of the hub
            lines.add("base_model: " + quoted(base.name()));
        }
        lines.add("library_name: peft");
        lines.add("pipeline_tag: " + use.pipeline());
        lines.add("tags:");
        lines.add("- " + use.variant().method().toLowerCase(Locale.ROOT));
        lines.add("- layerwise");
        if (base.kind() != ModelOrigin.Kind.FOLDER) {
            lines.add("- " + quoted("base_model:adapter:" + base.name()));
        }
        lines.add("---");
        lines.add("");
    }

    private String origin() {
        String weights = weightsSha256 == null
                ? ""
                : " The SHA-256 of the names and contents of its weight files is `%s`.".formatted(plain(weightsSha256));
        return switch (base.kind()) {
            case HUB ->
                "The base model is `%s` on the HuggingFace hub%s."
                        .formatted(
                                plain(base.name()),
                                base.revision() == null ? "" : ", revision `%s`".formatted(plain(base.revision())));
            case SAMPLE ->
                "The base model is the copy of `%s` that comes with Layerwise, which is made from an ONNX file and has no revision; whether the hub's weights are the same to the last bit was not checked.%s"
                        .formatted(base.name(), weights);
            case FOLDER ->
                "The base model was a local folder with the name `%s`, so that only who has it can use this adapter.%s"
                        .formatted(plain(base.name()), weights);
        };
    }

    private String layersSentence() {
        String which = layers.size() == of
                ? "All %s layers have adapters.".formatted(of)
                : "%s of %s layers have adapters, counted from 0: %s."
                        .formatted(layers.size(), of, LayerList.format(layers));
        return reason == null ? which : which + " " + chosen(reason);
    }

    private void results(List<String> lines) {
        if (results.isEmpty()) {
            return;
        }
        lines.add("## Results");
        lines.add("");
        lines.add("| rows | number | metric | value | 95 % interval |");
        lines.add("| --- | --- | --- | --- | --- |");
        results.forEach((rows, evaluation) -> {
            evaluation.metrics().forEach((metric, value) -> lines.add(row(rows, evaluation, metric, value)));
            lines.add(row(rows, evaluation, Evaluation.LOSS, evaluation.loss()));
        });
        lines.add("");
        lines.add("The 95 % interval (" + MetricIntervals.METHODS + ") covers the chance of which rows were drawn, and"
                + " nothing else: another seed, other training rows"
                + " or other texts may give other values. Metrics"
                + " without one have an unknown error.");
        lines.add("");
    }

    private static String row(String rows, Evaluation evaluation, String metric, double value) {
        return "| %s | %s | %s | %s | %s |"
                .formatted(
                        plain(rows),
                        evaluation.samples(),
                        plain(metric),
                        decimals(value),
                        plain(MetricIntervals.words(metric, evaluation, AdapterCard::decimals)
                                .orElse("")));
    }

    private static String chosen(String reason) {
        return "They were chosen %s.".formatted(plain(reason));
    }

    /**
     * Returns the text of a card with another reason for the choice of the layers.
     *
     * @param from reason that the card has, in words that follow "They were chosen"; null if it has none
     * @param to other reason; null to leave the text as it is
     */
    public static String withReason(String text, @Nullable String from, @Nullable String to) {
        return from == null || to == null ? text : text.replace(chosen(from), chosen(to));
    }

    private static String decimals(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    private static String quoted(String text) {
        return Json.line(Json.tree(text)); // JSON strings are valid as double-quoted YAML strings
    }

    /** Returns a text without characters that have a special meaning in Markdown or a terminal. */
    static String plain(String text) {
        return NOT_PLAIN.matcher(text).replaceAll(" ");
    }
}
