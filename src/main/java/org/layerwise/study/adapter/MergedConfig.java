package org.layerwise.study.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.layerwise.base.json.Json;
import org.layerwise.model.quantization.QuantizationFormats;
import org.layerwise.tensor.DType;

/**
 * Configuration {@code config.json} of a merged model: that of its base model, with the keys of transformers that the
 * task changes.
 */
final class MergedConfig {

    private static final String TIED = "tie_word_embeddings";

    private final ObjectNode config;

    /**
     * Creates the configuration of a merged model from that of its base model.
     *
     * @param base configuration of the base model, which is not changed
     * @param modelClass name of the merged model's class in transformers
     * @param type data type of most weights
     */
    MergedConfig(JsonNode base, String modelClass, DType type) {
        this.config = base.deepCopy();
        config.putArray("architectures").add(modelClass);
        config.put(config.has("dtype") ? "dtype" : "torch_dtype", type.torchName());
        // the code that "auto_map" names is not copied, and transformers supports all of these families itself
        config.remove("auto_map");
        QuantizationFormats.remove(config); // merged weights are not quantised
        config.remove("_name_or_path");
    }

    /** Sets the classes of a classifier, or the single output of a regression model. */
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

    /** Marks the output embeddings as not tied to the input embeddings. */
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
}
