package org.layerwise.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import org.layerwise.base.Json;
import org.layerwise.tensor.DType;

/** The {@code config.json} of a merged model: that of its base with what the task changes, in transformers' words. */
final class MergedConfig {

    private static final String TIED = "tie_word_embeddings";

    private final ObjectNode config;

    /**
     * @param base of the model that was adapted; it is not changed
     * @param modelClass transformers' name for the class of the merged model
     * @param type of most weights
     */
    MergedConfig(JsonNode base, String modelClass, DType type) {
        this.config = base.deepCopy();
        config.putArray("architectures").add(modelClass);
        config.put(config.has("dtype") ? "dtype" : "torch_dtype", torch(type));
        // the code that they name is not copied, and transformers has its own for every family here
        config.remove("auto_map");
        config.remove("_name_or_path");
    }

    /** Of a classifier, or of a regression with one output. */
    MergedConfig classes(List<String> names) {
        ObjectNode names0 = Json.object();
        ObjectNode numbers = Json.object();
        for (int i = 0; i < names.size(); i++) {
            names0.put(String.valueOf(i), names.get(i));
            numbers.put(names.get(i), i);
        }
        config.remove("num_labels");
        config.set("id2label", names0);
        config.set("label2id", numbers);
        config.put("problem_type", names.size() == 1 ? "regression" : "single_label_classification");
        return this;
    }

    /** Of a model whose output is no longer the table of token vectors. */
    MergedConfig untied() {
        config.put(TIED, false);
        if (config.get("text_config") instanceof ObjectNode text) {
            text.put(TIED, false);
        }
        return this;
    }

    ObjectNode json() {
        return config;
    }

    private static String torch(DType type) {
        return switch (type) {
            case F64 -> "float64";
            case F32 -> "float32";
            case F16 -> "float16";
            case BF16 -> "bfloat16";
            default ->
                throw new IllegalArgumentException(
                        "no model is stored in " + type.name().toLowerCase(Locale.ROOT));
        };
    }
}
