package org.layerwise.study.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.lora.BaseModel;
import org.layerwise.lora.LoraConfig;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.model.TargetModules;

/**
 * Kind of adapter that a plan prescribes. Training changes only the values of the adapter's tensors, so an adapter with
 * other layers, ranks or scales belongs to another job.
 */
final class PlannedAdapter {

    private static final String KEY = "adapter";
    private static final String TENSORS = "tensors";
    private static final String RENAMED = "renamed";

    private PlannedAdapter() {}

    /**
     * Writes the kind of an adapter into a plan.
     *
     * @param renamed names of modules in transformers 5 by those in transformers 4: PEFT writes the one that it finds
     */
    static void put(ObjectNode plan, PeftAdapter initial, Map<String, String> renamed) {
        plan.set(KEY, kind(initial.withEarlierNames(renamed)).set(RENAMED, Json.tree(renamed)));
    }

    /**
     * Checks that an adapter is of the planned kind. Plans of earlier versions do not have a kind, or less of it.
     *
     * @param place cluster that the adapter comes from
     * @throws UserException if the adapter is of another kind; the message names the first difference
     */
    static void require(JsonNode plan, PeftAdapter fetched, String place) {
        JsonNode planned = plan.path(KEY);
        JsonNode renamed = planned.path(RENAMED);
        Map<String, String> names = new TreeMap<>();
        renamed.properties()
                .forEach(name -> names.put(name.getKey(), name.getValue().asText()));
        JsonNode found = asRead(kind(fetched.withEarlierNames(names)).set(RENAMED, renamed));
        planned.properties().stream()
                .filter(entry -> !entry.getKey().equals(TENSORS))
                .forEach(entry ->
                        requireSame(entry.getKey(), entry.getValue(), found.path(entry.getKey()), fetched, place));
        SortedSet<String> tensors = new TreeSet<>();
        planned.path(TENSORS).fieldNames().forEachRemaining(tensors::add);
        if (planned.has(RENAMED)) {
            found.path(TENSORS).fieldNames().forEachRemaining(tensors::add);
            requireTargets(fetched, place);
        }
        tensors.forEach(tensor -> requireSame(
                tensor, planned.path(TENSORS).path(tensor), found.path(TENSORS).path(tensor), fetched, place));
    }

    /** Requires that PEFT finds each module with an adapter: it shortens long lists of target modules. */
    private static void requireTargets(PeftAdapter fetched, String place) {
        TargetModules targets = new TargetModules(fetched.config().targetModules());
        fetched.adaptedModules().stream()
                .filter(module -> !targets.match(module))
                .findFirst()
                .ifPresent(module -> {
                    throw other(fetched, place, "the target modules leave out " + module);
                });
    }

    private static void requireSame(String what, JsonNode planned, JsonNode found, PeftAdapter fetched, String place) {
        if (!planned.equals(found)) {
            throw other(fetched, place, "%s is %s, not %s".formatted(what, shown(found), shown(planned)));
        }
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode() ? "missing" : value.toString();
    }

    private static UserException other(PeftAdapter fetched, String place, String difference) {
        return new UserException(
                "%s from %s is another adapter than the run has planned (%s); see the job's log, or train anew."
                        .formatted(fetched.origin(), place, difference));
    }

    private static ObjectNode kind(PeftAdapter adapter) {
        LoraConfig config = adapter.config();
        ObjectNode kind = Json.object();
        BaseModel base = adapter.base();
        kind.put("base", base == null ? null : base.name());
        kind.put("revision", base == null ? null : base.revision());
        kind.put("task_type", adapter.taskType());
        kind.put("r", config.rank());
        kind.put("alpha", config.alpha());
        kind.set("rank_pattern", Json.tree(new TreeMap<>(config.rankPattern())));
        kind.set("alpha_pattern", Json.tree(new TreeMap<>(config.alphaPattern())));
        kind.put("rslora", config.variant().rankStabilised());
        kind.put("dora", config.variant().decomposed());
        kind.put("init_lora_weights", config.variant().initialisation().id());
        kind.put("bias", config.bias().id());
        kind.put("lora_bias", config.details().biasOnB());
        kind.put("fan_in_fan_out", adapter.host().turned());
        kind.set("exclude_modules", Json.tree(new TreeSet<>(config.details().excluded())));
        kind.set("layers_pattern", Json.tree(new TreeSet<>(config.details().layersPattern())));
        kind.set("modules_to_save", Json.tree(adapter.savedModules()));
        kind.set("layers", Json.tree(config.layers()));
        ObjectNode tensors = kind.putObject(TENSORS);
        adapter.shapes().forEach((name, shape) -> tensors.set(name, Json.tree(shape)));
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
