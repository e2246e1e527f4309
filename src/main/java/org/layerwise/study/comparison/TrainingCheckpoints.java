package org.layerwise.study.comparison;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.checkpoint.ModelFolder;
import org.layerwise.run.Run;
import org.layerwise.run.RunCheckpoints;
import org.layerwise.settings.ModelSettings;

/**
 * Checkpoints of a training in the folders of one folder, in the order of their steps: HuggingFace models such as {@code step1000}, PEFT
 * adapters of one model such as {@code checkpoint-500}, or those that a run of {@code train} keeps.
 *
 * @param folder folder that holds them
 * @param all the checkpoints, at least two
 * @param kind their files
 */
public record TrainingCheckpoints(Path folder, List<One> all, Kind kind) {

    /** Files of checkpoints. */
    public enum Kind {
        /** Whole models. */
        MODELS,
        /** PEFT adapters. */
        ADAPTERS,
        /** States of a training, beside its adapter. */
        RUN
    }

    private static final String CONFIG = "config.json";
    private static final int FEWEST = 2;
    private static final int THOUSAND = 1000;

    /** Last number in a name, of at most 18 digits. */
    private static final Pattern NUMBER = Pattern.compile("(\\d{1,18})(?=\\D*$)");

    /**
     * A checkpoint.
     *
     * @param name name of its folder
     * @param folder its folder
     */
    public record One(String name, Path folder) {

        /** Returns the last number in the name, as a rule the step; empty if there is none. */
        public OptionalLong step() {
            Matcher number = NUMBER.matcher(name);
            return number.find() ? OptionalLong.of(Long.parseLong(number.group(1))) : OptionalLong.empty();
        }

        /** Returns the step, in thousands where it is a multiple ({@code 143k}), or the name if it has no number. */
        public String label() {
            OptionalLong step = step();
            if (step.isEmpty()) {
                return name;
            }
            long number = step.getAsLong();
            return number > 0 && number % THOUSAND == 0 ? number / THOUSAND + "k" : String.valueOf(number);
        }
    }

    public TrainingCheckpoints {
        all = List.copyOf(all);
    }

    /** Returns true if they are adapters, which need their model. */
    public boolean adapters() {
        return kind != Kind.MODELS;
    }

    /**
     * Returns the model that a run trained its adapter on, with the settings by which it was opened; empty for checkpoints that
     * are not of a run.
     *
     * @throws UserException if the run's files are broken
     */
    public Optional<ModelSettings> ownModel() {
        return kind == Kind.RUN ? Optional.of(Run.open(folder).configuration().model()) : Optional.empty();
    }

    /**
     * Finds the checkpoints. Folders without a number in their name, such as {@code main}, come last.
     *
     * @param folder folder that holds the checkpoints, or folder of a run
     * @throws UserException if the folder cannot be read, has fewer than two checkpoints, or has models and adapters
     */
    public static TrainingCheckpoints in(Path folder) {
        List<Path> ofRun = new RunCheckpoints(folder).folders();
        if (ofRun.size() >= FEWEST) {
            return new TrainingCheckpoints(
                    folder,
                    ofRun.stream()
                            .map(one -> new One(one.getFileName().toString(), one))
                            .toList(),
                    Kind.RUN);
        }
        List<One> models = folders(folder, CONFIG);
        List<One> adapters = folders(folder, ModelFolder.ADAPTER).stream()
                .filter(one -> !models.contains(one))
                .toList();
        if (!models.isEmpty() && !adapters.isEmpty()) {
            throw new UserException("%s holds models such as %s and adapters such as %s; put them into two folders."
                    .formatted(folder, models.get(0).name(), adapters.get(0).name()));
        }
        List<One> found = models.isEmpty() ? adapters : models;
        if (found.size() < FEWEST) {
            throw new UserException(
                    "%s holds %s; name a folder with two or more folders that have a config.json, or an adapter_config.json."
                            .formatted(folder, found.isEmpty() ? "no checkpoints" : "one checkpoint"));
        }
        return new TrainingCheckpoints(folder, found, models.isEmpty() ? Kind.ADAPTERS : Kind.MODELS);
    }

    private static List<One> folders(Path folder, String config) {
        if (!Files.isDirectory(folder)) {
            throw new UserException("There is no folder %s; name one whose folders are checkpoints.".formatted(folder));
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> Files.isRegularFile(entry.resolve(config)))
                    .map(entry -> new One(entry.getFileName().toString(), entry))
                    .sorted(Comparator.<One>comparingLong(one -> one.step().orElse(Long.MAX_VALUE))
                            .thenComparing(One::name))
                    .toList();
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(folder, FileErrors.reason(e)), e);
        }
    }
}
