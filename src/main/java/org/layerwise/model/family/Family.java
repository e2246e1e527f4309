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

    /**
     * Value of HuggingFace's {@code model_type}.
     *
     * @param family reader of its configurations
     * @param classes prefix of the names of its model classes in transformers
     * @param tokenizer tokenizer class of a checkpoint that names none (AutoTokenizer); empty for one without defaults of
     *     its own
     */
    record KnownType(Family family, String classes, String tokenizer) {}

    /** Types of models that are supported. A new one is its line here. */
    Map<String, KnownType> BY_TYPE = Map.ofEntries(
            Map.entry("bert", new KnownType(BertFamily.BERT, "Bert", "BertTokenizer")),
            Map.entry("roberta", new KnownType(BertFamily.ROBERTA, "Roberta", "RobertaTokenizer")),
            Map.entry("xlm-roberta", new KnownType(BertFamily.ROBERTA, "XLMRoberta", "XLMRobertaTokenizer")),
            Map.entry("electra", new KnownType(BertFamily.ELECTRA, "Electra", "ElectraTokenizer")),
            Map.entry("distilbert", new KnownType(new DistilBertFamily(), "DistilBert", "DistilBertTokenizer")),
            Map.entry("deberta-v2", new KnownType(new DebertaFamily(), "DebertaV2", "DebertaV2Tokenizer")),
            Map.entry("modernbert", new KnownType(new ModernBertFamily(), "ModernBert", "")),
            Map.entry("llama", new KnownType(new LlamaFamily(), "Llama", "LlamaTokenizer")),
            Map.entry("mistral", new KnownType(new LlamaFamily(), "Mistral", "LlamaTokenizer")),
            Map.entry("qwen2", new KnownType(new LlamaFamily(), "Qwen2", "Qwen2Tokenizer")),
            Map.entry("qwen3", new KnownType(new LlamaFamily(), "Qwen3", "Qwen2Tokenizer")),
            Map.entry("phi3", new KnownType(new Phi3Family(), "Phi3", "LlamaTokenizer")),
            Map.entry("gemma", new KnownType(new GemmaFamily(), "Gemma", "GemmaTokenizer")),
            Map.entry("gemma2", new KnownType(new Gemma2Family(), "Gemma2", "GemmaTokenizer")),
            Map.entry("gemma3_text", new KnownType(new Gemma3Family(), "Gemma3", "GemmaTokenizer")),
            Map.entry("gemma4_text", new KnownType(new Gemma4Family(), "Gemma4", "")),
            Map.entry("gemma4", new KnownType(new WrapperFamily(true, "gemma4_text"), "Gemma4", "")),
            Map.entry("olmo2", new KnownType(new Olmo2Family(), "Olmo2", "GPTNeoXTokenizer")),
            Map.entry("olmo3", new KnownType(new Olmo2Family(), "Olmo3", "")),
            Map.entry("smollm3", new KnownType(new SmolLm3Family(), "SmolLM3", "")),
            Map.entry("starcoder2", new KnownType(new StarCoder2Family(), "Starcoder2", "GPT2Tokenizer")),
            Map.entry("glm", new KnownType(new GlmFamily(), "Glm", "")),
            Map.entry("glm4", new KnownType(new GlmFamily(), "Glm4", "")),
            Map.entry("cohere", new KnownType(new CohereFamily(), "Cohere", "CohereTokenizer")),
            Map.entry("cohere2", new KnownType(new CohereFamily(), "Cohere2", "CohereTokenizer")),
            Map.entry("granite", new KnownType(new GraniteFamily(), "Granite", "")),
            Map.entry("gpt_neox", new KnownType(new GptNeoXFamily(), "GPTNeoX", "GPTNeoXTokenizer")),
            Map.entry("ministral", new KnownType(new LlamaFamily(), "Ministral", "")),
            Map.entry("ministral3", new KnownType(new Ministral3Family(), "Ministral3", "")),
            Map.entry("eurobert", new KnownType(new EuroBertFamily(), "EuroBert", "")),
            Map.entry("mixtral", new KnownType(MixtureFamily.MIXTRAL, "Mixtral", "LlamaTokenizer")),
            Map.entry("olmoe", new KnownType(MixtureFamily.OLMOE, "Olmoe", "GPTNeoXTokenizer")),
            Map.entry("qwen3_moe", new KnownType(MixtureFamily.QWEN3_MOE, "Qwen3Moe", "Qwen2Tokenizer")),
            Map.entry("qwen3_next", new KnownType(QwenNextFamily.QWEN3_NEXT, "Qwen3Next", "Qwen2Tokenizer")),
            Map.entry("qwen3_5_text", new KnownType(QwenNextFamily.QWEN3_5, "Qwen3_5", "Qwen3_5Tokenizer")),
            Map.entry("qwen3_5_moe_text", new KnownType(QwenNextFamily.QWEN3_5_MOE, "Qwen3_5Moe", "Qwen3_5Tokenizer")),
            Map.entry(
                    "qwen3_5", new KnownType(new WrapperFamily(false, "qwen3_5_text"), "Qwen3_5", "Qwen3_5Tokenizer")),
            Map.entry(
                    "qwen3_5_moe",
                    new KnownType(new WrapperFamily(false, "qwen3_5_moe_text"), "Qwen3_5Moe", "Qwen3_5Tokenizer")),
            Map.entry("gpt_oss", new KnownType(new GptOssFamily(), "GptOss", "")),
            Map.entry("gpt2", new KnownType(new Gpt2Family(), "GPT2", "GPT2Tokenizer")),
            Map.entry("gemma3", new KnownType(new WrapperFamily(true, "gemma3_text"), "Gemma3", "GemmaTokenizer")),
            Map.entry("mistral3", new KnownType(new WrapperFamily(false, "mistral", "ministral3"), "Mistral3", "")),
            Map.entry(
                    "qwen2_5_vl",
                    new KnownType(new WrapperFamily(false, "qwen2_5_vl_text"), "Qwen2_5_VL", "Qwen2Tokenizer")),
            Map.entry(
                    "qwen3_vl", new KnownType(new WrapperFamily(false, "qwen3_vl_text"), "Qwen3VL", "Qwen2Tokenizer")),
            Map.entry("llava", new KnownType(new LlavaFamily(), "Llava", "LlamaTokenizer")));

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
        KnownType known = BY_TYPE.get(type.asText());
        if (known == null) {
            throw new UserException("%s is a model of type \"%s\", which Layerwise does not support; it supports %s."
                    .formatted(file.getParent(), type.asText(), String.join(", ", new TreeSet<>(BY_TYPE.keySet()))));
        }
        return known.family();
    }
}
