package org.layerwise.selection.export;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.layerwise.base.UserException;

/** Formats to which a selection can be exported. A new format is a class that writes it and a constant here. */
public enum ExportFormat {
    PEFT_CONFIG(
            "adapter_config.json",
            "PEFT adapter_config",
            "PEFT’s adapter_config.json for adapters that are yet to be trained: PeftConfig.from_pretrained reads it.",
            recipe -> recipe.peft().textToTrain()),
    PEFT(
            "train_peft.py",
            "PEFT script",
            "A Python program that puts these adapters on the model with HuggingFace PEFT.",
            PeftScript::text),
    AXOLOTL(
            "axolotl.yaml",
            "Axolotl",
            "YAML for Axolotl: the adapter part, to be merged into a configuration of yours.",
            AxolotlConfig::text),
    LLAMA_FACTORY(
            "llama_factory.yaml",
            "LLaMA-Factory",
            "YAML for LLaMA-Factory: the adapter part, to be merged into a configuration of yours.",
            LlamaFactoryConfig::text),
    UNSLOTH(
            "train_unsloth.py",
            "Unsloth script",
            "A Python program that puts these adapters on the model with Unsloth.",
            UnslothScript::text),
    /** A character 0 or 1 per layer, as the public code of arXiv 2602.05988 reads it. */
    ONE_HOT(
            "",
            "Layers as 0 and 1",
            "A character a layer, as the public code of the paper reads it.",
            recipe -> recipe.selection().oneHot());

    private final String fileName;
    private final String title;
    private final String purpose;
    private final Function<ExportedAdapter, String> text;

    ExportFormat(String fileName, String title, String purpose, Function<ExportedAdapter, String> text) {
        this.fileName = fileName;
        this.title = title;
        this.purpose = purpose;
        this.text = text;
    }

    /** Returns the name in settings, such as {@code llama-factory}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the usual name of the file; empty if it depends on model and task. */
    public String fileName() {
        return fileName;
    }

    /** Returns the name for users. */
    public String title() {
        return title;
    }

    /** Returns one sentence on what the file is for. */
    public String purpose() {
        return purpose;
    }

    /** Returns true if the format contains only the layers, so that nothing else about the model must be known. */
    public boolean layersOnly() {
        return this == ONE_HOT;
    }

    /**
     * Returns the content of the file.
     *
     * @throws UserException if the tool does not support a setting of the recipe, which the message names
     */
    public String text(ExportedAdapter recipe) {
        return text.apply(recipe);
    }

    /** @throws UserException if there is no format with this name */
    public static ExportFormat of(String id) {
        for (ExportFormat format : values()) {
            if (format.id().equals(id)) {
                return format;
            }
        }
        throw new UserException("There is no export \"%s\"; there are %s.".formatted(id, words(", ")));
    }

    /** Returns the names of all formats, joined by a separator. */
    public static String words(String between) {
        return Arrays.stream(values()).map(ExportFormat::id).collect(Collectors.joining(between));
    }
}
