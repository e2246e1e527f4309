package org.layerwise.selection.export;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.layerwise.base.UserException;

/** The tools that a selection can be written for. */
public enum ExportFormat {
    /** A Python script for HuggingFace PEFT. */
    PEFT("py", PeftScript::text),
    /** An {@code adapter_config.json} for HuggingFace PEFT. */
    PEFT_CONFIG("json", PeftConfigFile::text),
    /** YAML for Axolotl. */
    AXOLOTL("yaml", AxolotlConfig::text),
    /** YAML for LLaMA-Factory. */
    LLAMA_FACTORY("yaml", LlamaFactoryConfig::text),
    /** A character 0 or 1 a layer, as the public code of arXiv 2602.05988 reads it. */
    ONE_HOT("txt", recipe -> recipe.selection().oneHot());

    private final String ending;
    private final Function<AdapterRecipe, String> text;

    ExportFormat(String ending, Function<AdapterRecipe, String> text) {
        this.ending = ending;
        this.text = text;
    }

    /** The word in settings: {@code peft}, {@code peft-config}, {@code axolotl}, {@code llama-factory}, {@code one-hot}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** How the names of such files end, without a dot. */
    public String ending() {
        return ending;
    }

    /** Whether only the layers count, and nothing of the model need be known. */
    public boolean layersOnly() {
        return this == ONE_HOT;
    }

    /**
     * The file's content.
     *
     * @throws UserException if the tool cannot do what the recipe says; the sentence says what
     */
    public String text(AdapterRecipe recipe) {
        return text.apply(recipe);
    }

    /** @throws UserException if there is no such word */
    public static ExportFormat of(String id) {
        for (ExportFormat format : values()) {
            if (format.id().equals(id)) {
                return format;
            }
        }
        throw new UserException("There is no export \"%s\"; there are %s.".formatted(id, words(", ")));
    }

    /** All words. */
    public static String words(String between) {
        return Arrays.stream(values()).map(ExportFormat::id).collect(Collectors.joining(between));
    }
}
