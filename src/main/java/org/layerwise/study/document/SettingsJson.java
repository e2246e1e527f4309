package org.layerwise.study.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.settings.Configuration;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.EquivalentCommand;
import org.layerwise.training.OptimiserSettings;

/**
 * Reads and writes the settings of a study under the keys of {@code --config}. The settings of the model and the rows
 * are top-level keys. Those of analysis and training have a section each, since both have a seed.
 */
final class SettingsJson {

    private static final List<String> SECTIONS = List.of("analyze", "train");

    /** Keys whose value is a file or folder. */
    private static final List<String> PLACES = List.of("model", "data", "test", "init-adapter");

    /** Keys whose value is a list of files. */
    private static final List<String> LISTS = List.of("validation");

    /** Keys that both sections have, each with its own value. */
    private static final List<String> OWN = List.of("seed", "on", "workers", "gpu-workers", "model-there", "fsdp");

    private static final Path NOWHERE = Path.of("out");

    private SettingsJson() {}

    static ObjectNode write(StudySettings settings, StudyPaths paths) {
        DataSettings rows = settings.rows().withBatch(null);
        Map<String, Object> analyze =
                flags(EquivalentCommand.analyze(settings.model(), rows, settings.analysis(), NOWHERE)
                        .on(settings.analyzeOn()));
        Map<String, Object> train = flags(EquivalentCommand.train(
                        settings.model(), rows.withBatch(settings.batch()), settings.training(), NOWHERE)
                .on(settings.trainOn()));
        Map<String, Object> shared = new LinkedHashMap<>(analyze);
        shared.keySet().retainAll(train.keySet());
        shared.keySet().removeAll(OWN);
        analyze.keySet().removeAll(shared.keySet());
        train.keySet().removeAll(shared.keySet());
        ObjectNode json = Json.tree(shared);
        json.set("analyze", Json.tree(analyze));
        json.set("train", Json.tree(train));
        return places(json, paths::written, paths::relativizeAll);
    }

    /**
     * Reads the settings.
     *
     * @throws UserException if a key is unknown or its value is invalid; the message names file and key
     */
    static StudySettings read(Path file, JsonNode json, StudyPaths paths) {
        if (!json.isObject()) {
            throw new UserException("In %s, \"settings\" is no JSON object.".formatted(file));
        }
        ObjectNode found = places(json.deepCopy(), paths::read, paths::readAll);
        removeReplaced(found);
        Configuration analysis = Configuration.of(file, without(found, "train"));
        Configuration training = Configuration.of(file, without(found, "analyze"));
        Integer batch = training.rows().batch();
        return new StudySettings(
                training.model(),
                training.rows().withBatch(null),
                analysis.analysis(),
                training.training(),
                batch == null ? DataSettings.DEFAULT_BATCH : batch,
                analysis.on(),
                training.on());
    }

    private static Map<String, Object> flags(EquivalentCommand replay) {
        Map<String, Object> flags = replay.flags();
        flags.remove("out");
        flags.remove("layers");
        flags.values().removeIf(value -> value.toString().isEmpty());
        return flags;
    }

    /** Removes settings that others replace. Files of 0.1.0 may have both, from a form that hid the one without effect. */
    private static void removeReplaced(ObjectNode json) {
        for (JsonNode section : List.of(json, json.path("train"))) {
            if (section instanceof ObjectNode keys) {
                OptimiserSettings.REPLACED.forEach((by, setting) -> {
                    if (keys.has(by.name())) {
                        keys.remove(setting.name());
                    }
                });
            }
        }
    }

    private static ObjectNode without(ObjectNode json, String section) {
        ObjectNode rest = json.deepCopy();
        rest.remove(section);
        return rest;
    }

    private static ObjectNode places(ObjectNode json, UnaryOperator<String> one, UnaryOperator<String> several) {
        PLACES.forEach(key -> change(json, key, one));
        LISTS.forEach(key -> change(json, key, several));
        for (String section : SECTIONS) {
            if (json.get(section) instanceof ObjectNode inner) {
                places(inner, one, several);
            }
        }
        return json;
    }

    private static void change(ObjectNode json, String key, UnaryOperator<String> change) {
        if (json.path(key).isTextual()) {
            json.put(key, change.apply(json.path(key).textValue()));
        }
    }
}
