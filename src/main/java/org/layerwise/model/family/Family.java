package org.layerwise.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import org.layerwise.base.UserException;
import org.layerwise.model.config.ModelDescription;

/** Family of models: reads its own {@code config.json} and names its weights. The general parts do the computation. */
@FunctionalInterface
interface Family {

    /** Types of models that are supported. A new one is its line here. */
    Map<String, ModelType> BY_TYPE = Map.ofEntries(
            Map.entry("bert", ModelType.of(BertFamily.BERT, "Bert", "BertTokenizer")),
            Map.entry("roberta", ModelType.of(BertFamily.ROBERTA, "Roberta", "RobertaTokenizer")),
            Map.entry("xlm-roberta", ModelType.of(BertFamily.ROBERTA, "XLMRoberta", "XLMRobertaTokenizer")),
            Map.entry("electra", ModelType.of(BertFamily.ELECTRA, "Electra", "ElectraTokenizer")),
            Map.entry("distilbert", ModelType.of(new DistilBertFamily(), "DistilBert", "DistilBertTokenizer")),
            Map.entry("deberta-v2", ModelType.of(new DebertaFamily(), "DebertaV2", "DebertaV2Tokenizer")),
            Map.entry("modernbert", ModelType.of(new ModernBertFamily(), "ModernBert", "")),
            Map.entry("llama", ModelType.of(new LlamaFamily(), "Llama", "LlamaTokenizer")),
            Map.entry("mistral", ModelType.of(new LlamaFamily(), "Mistral", "LlamaTokenizer")),
            Map.entry("qwen2", ModelType.of(new LlamaFamily(), "Qwen2", "Qwen2Tokenizer")),
            Map.entry("qwen3", ModelType.of(new LlamaFamily(), "Qwen3", "Qwen2Tokenizer")),
            Map.entry("phi3", ModelType.of(new Phi3Family(), "Phi3", "LlamaTokenizer")),
            Map.entry("gemma", ModelType.of(new GemmaFamily(), "Gemma", "GemmaTokenizer")),
            Map.entry("gemma2", ModelType.of(new Gemma2Family(), "Gemma2", "GemmaTokenizer")),
            Map.entry(
                    "gemma3_text",
                    ModelType.of(new Gemma3Family(), "Gemma3", "GemmaTokenizer")
                            .withClassifier("Gemma3TextForSequenceClassification")),
            Map.entry("gemma4_text", ModelType.withoutClassifier(new Gemma4Family(), "Gemma4", "")),
            Map.entry("gemma4", ModelType.inside(new WrapperFamily(true, "gemma4_text"), "Gemma4", "")),
            Map.entry("olmo2", ModelType.of(new Olmo2Family(), "Olmo2", "GPTNeoXTokenizer")),
            Map.entry("olmo3", ModelType.of(new Olmo2Family(), "Olmo3", "")),
            Map.entry("smollm3", ModelType.of(new SmolLm3Family(), "SmolLM3", "")),
            Map.entry("starcoder2", ModelType.of(new StarCoder2Family(), "Starcoder2", "GPT2Tokenizer")),
            Map.entry("glm", ModelType.of(new GlmFamily(), "Glm", "")),
            Map.entry("glm4", ModelType.of(new GlmFamily(), "Glm4", "")),
            Map.entry("cohere", ModelType.withoutClassifier(new CohereFamily(), "Cohere", "CohereTokenizer")),
            Map.entry("cohere2", ModelType.withoutClassifier(new CohereFamily(), "Cohere2", "CohereTokenizer")),
            Map.entry("granite", ModelType.withoutClassifier(new GraniteFamily(), "Granite", "")),
            Map.entry("gpt_neox", ModelType.of(new GptNeoXFamily(), "GPTNeoX", "GPTNeoXTokenizer")),
            Map.entry("ministral", ModelType.of(new LlamaFamily(), "Ministral", "")),
            Map.entry("ministral3", ModelType.of(new Ministral3Family(), "Ministral3", "")),
            Map.entry("eurobert", ModelType.of(new EuroBertFamily(), "EuroBert", "")),
            Map.entry("mixtral", ModelType.of(MixtureFamily.MIXTRAL, "Mixtral", "LlamaTokenizer")),
            Map.entry("olmoe", ModelType.withoutClassifier(MixtureFamily.OLMOE, "Olmoe", "GPTNeoXTokenizer")),
            Map.entry("qwen3_moe", ModelType.of(MixtureFamily.QWEN3_MOE, "Qwen3Moe", "Qwen2Tokenizer")),
            Map.entry("qwen3_next", ModelType.of(QwenNextFamily.QWEN3_NEXT, "Qwen3Next", "Qwen2Tokenizer")),
            Map.entry(
                    "qwen3_5_text",
                    ModelType.of(QwenNextFamily.QWEN3_5, "Qwen3_5", "Qwen3_5Tokenizer")
                            .withClassifier("Qwen3_5TextForSequenceClassification")),
            Map.entry(
                    "qwen3_5_moe_text",
                    ModelType.withoutClassifier(QwenNextFamily.QWEN3_5_MOE, "Qwen3_5Moe", "Qwen3_5Tokenizer")),
            Map.entry(
                    "qwen3_5",
                    ModelType.inside(new WrapperFamily(false, "qwen3_5_text"), "Qwen3_5", "Qwen3_5Tokenizer")
                            .withClassifier("Qwen3_5ForSequenceClassification")),
            Map.entry(
                    "qwen3_5_moe",
                    ModelType.inside(new WrapperFamily(false, "qwen3_5_moe_text"), "Qwen3_5Moe", "Qwen3_5Tokenizer")),
            Map.entry("gpt_oss", ModelType.of(new GptOssFamily(), "GptOss", "")),
            Map.entry(
                    "gpt2",
                    ModelType.of(new Gpt2Family(), "GPT2", "GPT2Tokenizer").withLanguageModel("GPT2LMHeadModel")),
            Map.entry(
                    "gemma3",
                    ModelType.inside(new WrapperFamily(true, "gemma3_text"), "Gemma3", "GemmaTokenizer")
                            .withClassifier("Gemma3ForSequenceClassification")),
            Map.entry("mistral3", ModelType.inside(new WrapperFamily(false, "mistral", "ministral3"), "Mistral3", "")),
            Map.entry(
                    "qwen2_5_vl",
                    ModelType.inside(new WrapperFamily(false, "qwen2_5_vl_text"), "Qwen2_5_VL", "Qwen2Tokenizer")),
            Map.entry(
                    "qwen3_vl",
                    ModelType.inside(new WrapperFamily(false, "qwen3_vl_text"), "Qwen3VL", "Qwen2Tokenizer")),
            Map.entry("llava", ModelType.inside(new LlavaFamily(), "Llava", "LlamaTokenizer")));

    /** Reads the whole configuration; refuses by name any unsupported value that changes the result. */
    ModelDescription read(ConfigReader config);

    /**
     * Returns the family of a configuration.
     *
     * @param file path of the {@code config.json}, for messages
     */
    static Family of(Path file, JsonNode config) {
        JsonNode type = config.path("model_type");
        if (!type.isTextual()) {
            throw new UserException("%s has no model_type, so the kind of model is unknown.".formatted(file));
        }
        ModelType known = BY_TYPE.get(type.asText());
        if (known == null) {
            throw new UserException("%s is a model of type \"%s\", which Layerwise does not support; it supports %s."
                    .formatted(file.getParent(), type.asText(), String.join(", ", new TreeSet<>(BY_TYPE.keySet()))));
        }
        return known.family();
    }
}
