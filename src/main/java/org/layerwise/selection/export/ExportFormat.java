package org.layerwise.selection.export;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.layerwise.base.UserException;

/** Formats to which a selection can be exported. */
public enum ExportFormat {
    /** A Python script for HuggingFace PEFT. */
    PEFT(PeftScript::text),
    /** An {@code adapter_config.json} for HuggingFace PEFT. */
    PEFT_CONFIG(recipe -> recipe.peft().textToTrain()),
    /** YAML for Axolotl. */
    AXOLOTL(AxolotlConfig::text),
    /** YAML for LLaMA-Factory. */
    LLAMA_FACTORY(LlamaFactoryConfig::text),
    /** A character 0 or 1 per layer, as the public code of arXiv 2602.05988 reads it. */
    ONE_HOT(recipe -> recipe.selection().oneHot());

    private final Function<ExportedAdapter, String> text;

    ExportFormat(Function<ExportedAdapter, String> text) {
        this.text = text;
    }

    /**
     * Returns the name in settings: {@code peft}, {@code peft-config}, {@code axolotl}, {@code llama-factory},
     * {@code one-hot}.
     */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
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
