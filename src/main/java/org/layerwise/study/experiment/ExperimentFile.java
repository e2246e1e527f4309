package org.layerwise.study.experiment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.json.Yaml;
import org.layerwise.study.experiment.rules.ExperimentRules;
import org.layerwise.study.experiment.rules.Stopping;
import org.layerwise.study.experiment.rules.SweepRule;

/**
 * Writes and checks {@code experiment.yaml} in an experiment's folder: the settings that all its runs share, so that
 * runs with other settings are not mixed in.
 */
final class ExperimentFile {

    static final String NAME = "experiment.yaml";

    private ExperimentFile() {}

    /**
     * Checks the settings against those that the experiment in the folder began with, if there is one. Further arms,
     * seeds or learning rates are allowed; existing runs are not repeated.
     *
     * @throws UserException if a setting has changed, or the folder contains no experiment but files of other origin
     *     that would be mistaken for its files, or a symbolic link would lead files out of the folder
     */
    static void requireSame(ExperimentSettings settings) {
        ExperimentFolder.requireNoLinks(settings.out());
        Path file = settings.out().resolve(NAME);
        if (Files.isRegularFile(file)) {
            ExperimentFolder.finish(settings.out());
            requireSame(settings.out(), Yaml.read(file), settings.shared());
        } else {
            ExperimentFolder.requireNothingOfOthers(settings.out());
        }
    }

    /** Writes the settings, which {@link #requireSame} has checked, into the folder, which exists. */
    static void write(ExperimentSettings settings) {
        AtomicFiles.writeString(settings.out().resolve(NAME), Yaml.write(flags(settings)));
    }

    /** Returns all flags that the command needs to repeat the experiment. */
    static Map<String, Object> flags(ExperimentSettings settings) {
        Map<String, Object> flags = new LinkedHashMap<>(settings.shared());
        flags.remove("lr");
        flags.put("arms", settings.arms().stream().map(Arm::id).collect(Collectors.joining(",")));
        flags.put("lrs", settings.rates().stream().map(ReportNumbers::rate).collect(Collectors.joining(",")));
        flags.put("seeds", settings.seeds());
        ExperimentRules rules = settings.rules();
        if (rules.sweep() != null && settings.rates().size() > 1) {
            flags.put(ExperimentSettings.SWEEP, rules.sweep().id());
        }
        if (rules.stopping() != Stopping.NONE) {
            flags.put(ExperimentSettings.STOPPING, rules.stopping().id());
        }
        if (rules.difference() != null) {
            flags.put(ExperimentSettings.DIFFERENCE, ReportNumbers.rate(rules.difference()));
        }
        return flags;
    }

    /**
     * Returns the rule by which an experiment that was begun earlier chooses learning rates: that of its file, or the
     * only one of earlier versions. Empty if there is no experiment yet, or it had a single rate.
     */
    static Optional<SweepRule> sweep(Path out) {
        Path file = out.resolve(NAME);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        ObjectNode began = Yaml.read(file);
        if (began.has(ExperimentSettings.SWEEP)) {
            return SweepRule.of(began.path(ExperimentSettings.SWEEP).asText());
        }
        return began.path("lrs").asText("").contains(",") ? Optional.of(SweepRule.FULL) : Optional.empty();
    }

    /** Returns the settings of a file that an experiment adds to those of an analysis and a training. */
    static ExperimentFolder.Choices choices(Path file) {
        ObjectNode began = Yaml.read(file);
        String difference = began.path(ExperimentSettings.DIFFERENCE).asText("");
        String stopping = began.path(ExperimentSettings.STOPPING).asText("");
        try {
            return new ExperimentFolder.Choices(
                    parts(began, "arms").map(id -> Arm.of(id).orElseThrow()).toList(),
                    parts(began, "lrs").map(Double::valueOf).toList(),
                    Integer.parseInt(began.path("seeds").asText()),
                    new ExperimentRules(
                            SweepRule.of(began.path(ExperimentSettings.SWEEP).asText(""))
                                    .orElse(null),
                            Arrays.stream(Stopping.values())
                                    .filter(rule -> rule.id().equals(stopping))
                                    .findFirst()
                                    .orElse(Stopping.NONE),
                            difference.isEmpty() ? null : (Double) Double.parseDouble(difference)));
        } catch (NoSuchElementException | NumberFormatException e) {
            throw new UserException(
                    "%s is damaged, or of a later version; run the experiment with its command.".formatted(file), e);
        }
    }

    private static Stream<String> parts(ObjectNode began, String flag) {
        return Arrays.stream(began.path(flag).asText("").split(",", -1)).filter(part -> !part.isBlank());
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
