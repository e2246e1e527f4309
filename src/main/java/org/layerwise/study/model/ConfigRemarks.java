package org.layerwise.study.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import org.layerwise.base.json.JsonNumbers;
import org.layerwise.checkpoint.Checkpoint;

/** Remarks on settings of a {@code config.json} that versions of transformers read differently. */
final class ConfigRemarks {

    private ConfigRemarks() {}

    /** Returns the remarks on a checkpoint's configuration, each one sentence or two. */
    static List<String> of(Checkpoint checkpoint) {
        JsonNode whole = checkpoint.config();
        JsonNode config = whole.has("text_config") ? whole.path("text_config") : whole;
        JsonNode scaling = config.path("rope_scaling");
        JsonNode factor = scaling.path("factor");
        JsonNode original = scaling.path("original_max_position_embeddings");
        JsonNode most = config.path("max_position_embeddings");
        boolean yarn =
                scaling.path("type").asText(scaling.path("rope_type").asText()).equals("yarn");
        // of Phi-3, "yarn" means another scaling
        if (!yarn
                || config.path("model_type").asText().equals("phi3")
                || config.has("rope_parameters")
                || !Stream.of(factor, original, most).allMatch(JsonNumbers::isFloat)) {
            return List.of();
        }
        double ratio = most.doubleValue() / original.doubleValue();
        return ratio == factor.doubleValue()
                ? List.of()
                : List.of(
                        "%s has a YaRN factor of %s, but its max_position_embeddings is %s times its original_max_position_embeddings. Rotary positions are extended by the second, as transformers 4 does; transformers 5 extends by the factor. Set max_position_embeddings to %s if the factor is right."
                                .formatted(
                                        checkpoint.folder().resolve(Checkpoint.CONFIG),
                                        factor,
                                        ratio,
                                        Math.round(factor.doubleValue() * original.doubleValue())));
    }
}
