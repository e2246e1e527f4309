package org.layerwise.study.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.layerwise.base.ResponseLimit;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;

/**
 * Final message of a job, from the {@code ending.json} that was fetched. Since the file comes from another computer,
 * values that this program would not write are refused.
 *
 * @param finished true if all steps were completed
 * @param early true if the training stopped early because the metric did not improve
 * @param kept step of the adapter that was kept; empty if the adapter of the last step was kept
 * @param versions versions of the software on the cluster, by name
 */
record RunEnding(boolean finished, boolean early, OptionalInt kept, Map<String, String> versions) {

    /** Name of the file. */
    static final String FILE = "ending.json";

    private static final int MOST_VERSIONS = 50;
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_.-]{0,40}");
    private static final Pattern VERSION = Pattern.compile("[^\\p{Cntrl}]{1,200}");

    /**
     * Reads the final message of a training.
     *
     * @param run folder of the run on this computer
     * @throws UserException if the file is missing or broken
     */
    static RunEnding read(Path run) {
        JsonNode json = json(run);
        JsonNode kept = json.path("kept");
        JsonNode early = json.path("early");
        if (!json.path("finished").isBoolean()
                || !(early.isBoolean() || early.isMissingNode() || early.isNull())
                || !(kept.isMissingNode() || kept.isNull() || kept.isInt() && kept.intValue() >= 0)) {
            throw broken(run);
        }
        return new RunEnding(
                json.path("finished").booleanValue(),
                early.booleanValue(),
                kept.isInt() ? OptionalInt.of(kept.intValue()) : OptionalInt.empty(),
                versions(run, json.path("versions")));
    }

    private static Map<String, String> versions(Path run, JsonNode json) {
        Map<String, String> versions = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> one : json.properties()) {
            String words = one.getValue().asText("");
            if (versions.size() == MOST_VERSIONS
                    || !NAME.matcher(one.getKey()).matches()
                    || !VERSION.matcher(words).matches()) {
                throw broken(run);
            }
            versions.put(one.getKey(), words);
        }
        return versions;
    }

    /**
     * Returns the files of an extraction, one per worker.
     *
     * @param folder folder of the files
     * @param fetched names of the files that were fetched
     * @throws UserException if the list is missing or broken, or has a file that was not fetched
     */
    static List<Path> parts(Path folder, List<String> fetched) {
        List<Path> parts = new ArrayList<>();
        for (JsonNode name : json(folder).path("parts")) {
            if (!fetched.contains(name.asText(""))) {
                throw broken(folder);
            }
            parts.add(folder.resolve(name.asText()));
        }
        return parts;
    }

    private static JsonNode json(Path folder) {
        return Json.read(folder.resolve(FILE), ResponseLimit.MOST_BYTES);
    }

    private static UserException broken(Path folder) {
        return new UserException("%s is not what a job of Layerwise writes at its end; see the job's log."
                .formatted(folder.resolve(FILE)));
    }
}
