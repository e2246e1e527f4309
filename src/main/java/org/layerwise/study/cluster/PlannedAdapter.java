package org.layerwise.study.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;
import java.util.TreeMap;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.lora.LoraConfig;
import org.layerwise.lora.PeftAdapter;

/**
 * Kind of adapter that a plan prescribes. Training changes only the values of the adapter's tensors, so an adapter with
 * other layers, ranks or scales belongs to another job.
 */
final class PlannedAdapter {

    private static final String KEY = "adapter";
    private static final String TENSORS = "tensors";

    private PlannedAdapter() {}

    /** Writes the kind of an adapter into a plan. */
    static void put(ObjectNode plan, PeftAdapter initial) {
        plan.set(KEY, kind(initial));
    }

    /**
     * Checks that an adapter is of the planned kind. Plans of earlier versions do not have a kind.
     *
     * @param place cluster that the adapter comes from
     * @throws UserException if the adapter is of another kind; the message names the first difference
     */
    static void require(JsonNode plan, PeftAdapter fetched, String place) {
        JsonNode planned = plan.path(KEY);
        JsonNode found = asRead(kind(fetched));
        planned.properties().forEach(entry -> {
            if (entry.getKey().equals(TENSORS)) {
                entry.getValue().properties().forEach(tensor -> {
                    JsonNode shape = found.path(TENSORS).path(tensor.getKey());
                    requireSame(tensor.getKey(), tensor.getValue(), shape, fetched, place);
                });
            } else {
                requireSame(entry.getKey(), entry.getValue(), found.path(entry.getKey()), fetched, place);
            }
        });
    }

    private static void requireSame(String what, JsonNode planned, JsonNode found, PeftAdapter fetched, String place) {
        if (!planned.equals(found)) {
            throw new UserException(
                    "%s from %s is another adapter than the run has planned (%s is %s, not %s); see the job's log, or train anew."
                            .formatted(
                                    fetched.origin(), place, what, found.isMissingNode() ? "missing" : found, planned));
        }
    }

    private static ObjectNode kind(PeftAdapter adapter) {
        LoraConfig config = adapter.config();
        ObjectNode kind = Json.object();
        kind.put(
                "base",
                adapter.base() == null
                        ? null
                        : Objects.requireNonNull(adapter.base()).name());
        kind.put("r", config.rank());
        kind.put("alpha", config.alpha());
        kind.set("rank_pattern", Json.tree(new TreeMap<>(config.rankPattern())));
        kind.set("alpha_pattern", Json.tree(new TreeMap<>(config.alphaPattern())));
        kind.put("rslora", config.variant().rankStabilised());
        kind.put("dora", config.variant().decomposed());
        kind.set("layers", Json.tree(config.layers()));
        ObjectNode tensors = kind.putObject(TENSORS);
        new TreeMap<>(adapter.tensors()).forEach((name, tensor) -> tensors.set(name, Json.tree(tensor.shape())));
        return kind;
    }

    /**
     * Returns a kind after writing and parsing it, since parsed numbers may be of other classes than the original ones.
     */
    private static JsonNode asRead(ObjectNode kind) {
        try {
            return Json.parse(Json.line(kind));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what is written as JSON is JSON", e);
        }
    }
}
