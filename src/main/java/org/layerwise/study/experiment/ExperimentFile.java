package org.layerwise.study.experiment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;
import org.layerwise.base.Yaml;

/** {@code experiment.yaml} of an experiment's folder: what all its runs have in common, so that no others are mixed in. */
final class ExperimentFile {

    static final String NAME = "experiment.yaml";

    private ExperimentFile() {}

    /**
     * Writes the settings, or makes sure that they are those that the experiment in the folder began with. More arms, seeds or
     * rates may be asked for: runs that are there are not run again.
     *
     * @throws UserException if a setting is another, or no experiment began here and files of others would be taken for its own
     */
    static void begin(ExperimentSettings settings) {
        Path file = settings.out().resolve(NAME);
        if (Files.isRegularFile(file)) {
            requireSame(settings.out(), Yaml.read(file), settings.shared());
        } else {
            ExperimentFolder.requireNothingOfOthers(settings.out());
        }
        WholeFiles.requireWritableFolder(settings.out());
        WholeFiles.writeString(file, Yaml.write(flags(settings)));
    }

    /** All that the command needs to do it again. */
    static Map<String, Object> flags(ExperimentSettings settings) {
        Map<String, Object> flags = new LinkedHashMap<>(settings.shared());
        flags.remove("lr");
        flags.put("arms", settings.arms().stream().map(Arm::id).collect(Collectors.joining(",")));
        flags.put("lrs", settings.rates().stream().map(Figures::rate).collect(Collectors.joining(",")));
        flags.put("seeds", settings.seeds());
        return flags;
    }

    private static void requireSame(Path out, ObjectNode began, Map<String, Object> now) {
        Set<String> all = new LinkedHashSet<>(now.keySet());
        began.fieldNames().forEachRemaining(all::add);
        ExperimentSettings.FREE.forEach(all::remove);
        for (String flag : all) {
            String then = began.path(flag).asText("");
            String value = String.valueOf(now.getOrDefault(flag, ""));
            if (!then.equals(value)) {
                throw new UserException(
                        "The experiment in %s began with %s %s, not %s; leave it as it was, or choose another folder with --out."
                                .formatted(
                                        out,
                                        flag,
                                        then.isEmpty() ? "left out" : then,
                                        value.isEmpty() ? "left out" : value));
            }
        }
    }
}
