package org.layerwise.study;

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
import org.layerwise.base.Spelling;
import org.layerwise.base.UserException;

/** Which keys a YAML file of settings may have: the flags of the commands that the window does the work of. */
final class ConfigKeys {

    private static final String MODEL = "model device dtype load ";
    private static final String DATA =
            "data text label image samples max-length batch preset sampling sampling-seed compat ";

    /** By command, in the order in which they are used. */
    private static final Map<String, Set<String>> KNOWN = known();

    /** Commands that may have sections in the same file and mean nothing to the window. */
    private static final Set<String> OTHERS = Set.of(
            "models",
            "download",
            "inspect",
            "extract",
            "evaluate",
            "generate",
            "merge",
            "convert-adapter",
            "demo",
            "compare",
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
                words(
                        MODEL + DATA
                                + "position representations against ratio undefined name out adapter measure bootstrap"
                                + " permutations seed rbf-bandwidth svcca-variance minibatch reference on workers gpu-workers model-there fsdp"));
        known.put(
                "select",
                words(
                        "analysis ratio top threshold layers always never undefined out export model target-modules r alpha"
                                + " dropout variant bias rank-pattern alpha-pattern modules-to-save lr lora-plus-ratio"));
        known.put(
                "train",
                words(MODEL + DATA + "task validation test selection layers target-modules r alpha dropout variant bias"
                        + " rank-pattern alpha-pattern modules-to-save init-adapter model-dropout lr lora-plus-ratio"
                        + " scheduler scheduler-cycles scheduler-power scheduler-end warmup-ratio warmup-steps"
                        + " weight-decay epochs steps accumulate group-by-length max-grad-norm label-smoothing"
                        + " evaluate-every keep-best best-metric patience checkpoint-every gradient-checkpointing"
                        + " prefix-cache report-to seed out resume overwrite on workers gpu-workers model-there fsdp"));
        return known;
    }

    private static Set<String> words(String text) {
        return Set.of(text.split(" "));
    }

    /** The keys of a command. */
    static Set<String> of(String command) {
        return KNOWN.getOrDefault(command, Set.of());
    }

    /**
     * The values of a file by key; a key in the section of a later command counts before the same one elsewhere. A key with
     * nothing behind it is left out.
     *
     * @throws UserException if a key is none of those that are known
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
