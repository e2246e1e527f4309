package org.layerwise.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.layerwise.base.Spelling;
import org.layerwise.base.UserException;
import org.layerwise.base.setting.Setting;

/** Keys that a YAML file of settings may have: the flags of the commands whose work the window can do. */
final class ConfigKeys {

    private static final List<String> MODEL = List.of("model", "data");
    private static final List<String> CLUSTER = List.of("on", "workers", "gpu-workers", "model-there", "fsdp");

    /** Known keys by command, in the order in which the commands are used. */
    private static final Map<String, Set<String>> KNOWN = known();

    /** Commands that may have sections in the same file and that the window ignores. */
    private static final Set<String> OTHERS = Set.of(
            "models",
            "download",
            "inspect",
            "extract",
            "evaluate",
            "generate",
            "merge",
            "convert-adapter",
            "prune-adapter",
            "demo",
            "compare",
            "compare-predictions",
            "trajectory",
            "runs",
            "experiment",
            "export-job",
            "plan",
            "remote",
            "gpu",
            "doctor");

    private ConfigKeys() {}

    private static Map<String, Set<String>> known() {
        Map<String, Set<String>> known = new LinkedHashMap<>();
        known.put(
                "analyze",
                keys(
                        List.of(MODEL, CLUSTER, List.of("representations", "against", "out", "adapter", "reference")),
                        List.of(ModelSettings.VALUES, DataSettings.VALUES, AnalysisSettings.VALUES)));
        known.put(
                "select",
                keys(
                        List.of(List.of(
                                "analysis",
                                "top",
                                "threshold",
                                "last",
                                "kind",
                                "layers",
                                "modules",
                                "budget",
                                "spread",
                                "min-rank",
                                "max-rank",
                                "measure",
                                "always",
                                "never",
                                "out",
                                "export",
                                "model")),
                        List.of(
                                List.of(AnalysisSettings.RATIO, AnalysisSettings.UNDEFINED),
                                AdapterSettings.EXPORTED)));
        known.put(
                "train",
                keys(
                        List.of(MODEL, CLUSTER, List.of("selection", "layers", "out", "resume", "overwrite")),
                        List.of(ModelSettings.VALUES, DataSettings.VALUES, TrainingSettings.VALUES)));
        return known;
    }

    private static Set<String> keys(List<List<String>> names, List<List<Setting<?>>> settings) {
        return Stream.concat(
                        names.stream().flatMap(List::stream),
                        settings.stream().flatMap(List::stream).map(Setting::name))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns the keys of a command. */
    static Set<String> of(String command) {
        return KNOWN.getOrDefault(command, Set.of());
    }

    /**
     * Returns the values of a file by key. A key in the section of a later command overrides the same key at the top
     * level or in the section of an earlier command. A key without a value is left out.
     *
     * @throws UserException if a key is unknown
     */
    static Map<String, JsonNode> collect(Path file, ObjectNode tree) {
        List<String> sections = new ArrayList<>();
        KNOWN.keySet().stream()
                .filter(command -> tree.get(command) instanceof ObjectNode)
                .forEach(sections::add);
        Collection<String> above = sections.isEmpty() ? KNOWN.keySet() : sections;
        Map<String, JsonNode> values = new LinkedHashMap<>();
        tree.properties().forEach(entry -> {
            boolean section = sections.contains(entry.getKey())
                    || OTHERS.contains(entry.getKey()) && entry.getValue().isObject();
            if (!section) {
                put(values, file, above, entry);
            }
        });
        for (String section : sections) {
            tree.get(section).properties().forEach(entry -> put(values, file, List.of(section), entry));
        }
        return values;
    }

    private static void put(
            Map<String, JsonNode> values, Path file, Collection<String> commands, Map.Entry<String, JsonNode> entry) {
        JsonNode value = entry.getValue();
        if (value.isNull() || value.isValueNode() && value.asText().isEmpty()) {
            return;
        }
        String key = entry.getKey();
        Set<String> known = new TreeSet<>();
        commands.forEach(command -> known.addAll(of(command)));
        if (!known.contains(key)) {
            throw new UserException("%s has the key \"%s\", which is no flag of %s; %s."
                    .formatted(
                            file,
                            key,
                            String.join(" or ", commands),
                            Spelling.nearest(key, known)
                                    .map("the nearest one is \"%s\""::formatted)
                                    .orElse("remove it")));
        }
        values.put(key, value);
    }
}
