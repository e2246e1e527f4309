package org.layerwise.model.family;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModelDescription;
import org.layerwise.model.config.ModuleNames;

/**
 * Language models inside of models that also see images: Gemma 3 from 4B, Gemma 4, Mistral Small 3 and Ministral 3,
 * Qwen2.5-VL, Qwen3-VL and Qwen3.5, as HuggingFace's {@code XxxForConditionalGeneration}. What belongs to images is not
 * read.
 */
final class WrapperFamily implements Family {

    private static final String LANGUAGE = "model.language_model.";
    private static final String TEXT = "text_config";
    private static final String TIED = "tie_word_embeddings";

    private static final Map<String, Family> LANGUAGE_MODELS = Map.of(
            "gemma3_text",
            new Gemma3Family(),
            "gemma4_text",
            new Gemma4Family(),
            "mistral",
            new LlamaFamily(),
            "ministral3",
            new Ministral3Family(),
            "qwen2_5_vl_text",
            QwenVlFamily.QWEN2_5,
            "qwen3_vl_text",
            QwenVlFamily.QWEN3,
            "qwen3_5_text",
            QwenNextFamily.QWEN3_5,
            "qwen3_5_moe_text",
            QwenNextFamily.QWEN3_5_MOE);

    private final boolean tied;
    private final List<String> languages;

    /**
     * Creates a reader.
     *
     * @param tied true if the language-model head is tied to the token embeddings if the file does not say so
     * @param languages possible {@code model_type} of the language model; the first if the file names none
     */
    WrapperFamily(boolean tied, String... languages) {
        this.tied = tied;
        this.languages = List.of(languages);
    }

    @Override
    public ModelDescription read(ConfigReader config) {
        // early files of Qwen2.5-VL have the language model's keys beside the others
        boolean flat = !config.isSet(TEXT) && config.isSet("hidden_size");
        ConfigReader text = flat ? config : config.part(TEXT);
        text.requireUsual();
        String type = flat
                ? languages.get(0)
                : text.requireText("model_type", languages.get(0), languages.toArray(String[]::new));
        ModelDescription inner =
                Objects.requireNonNull(LANGUAGE_MODELS.get(type)).read(text);
        ConfigReader tie = config.isSet(TIED) ? config : text;
        return new ModelDescription(
                inside(config, inner.config()),
                names(inner.names()),
                inner.defaultTargets(),
                tie.flag(TIED, tied),
                inner.logitFactor(),
                inner.languageModelCap(),
                true,
                null);
    }

    /** Returns the configuration of a language model with the family, the padding and the labels of the whole model. */
    static ModelConfig inside(ConfigReader config, ModelConfig text) {
        OptionalLong padding = config.tokenId("pad_token_id", text.padding(), text.vocabularySize());
        return text.inside(config.family(), padding, config.labels());
    }

    private static ModuleNames names(ModuleNames language) {
        return language.under(LANGUAGE)
                .alias(LANGUAGE, "language_model.model.")
                .alias(LANGUAGE, "language_model.")
                .alias(LANGUAGE, "model.")
                .alias("lm_head.", "language_model.lm_head.");
    }
}
