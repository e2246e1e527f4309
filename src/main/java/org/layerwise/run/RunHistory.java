package org.layerwise.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerwise.base.ByteSize;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.json.Json;
import org.layerwise.base.json.NumberReader;
import org.layerwise.run.uncertainty.IntervalJson;
import org.layerwise.training.Evaluation;
import org.layerwise.training.StepRecord;
import org.layerwise.training.TrainingListener;

/**
 * History of a run, read from its {@code metrics.jsonl}.
 *
 * @param steps steps in order
 * @param stepSeconds seconds of each step
 * @param evaluations evaluations in order, on all held-out rows
 */
public record RunHistory(List<StepRecord> steps, List<Double> stepSeconds, List<Evaluated> evaluations) {

    /** Maximum size of a log in bytes: a million steps of 200 bytes each, which all must fit into memory. */
    private static final long MOST_BYTES = 256L << 20;

    private static final String LOSS = "_loss";
    private static final String SAMPLES = "_samples";
    private static final String INTERVALS = "_" + IntervalJson.KEY;

    public RunHistory {
        steps = List.copyOf(steps);
        stepSeconds = List.copyOf(stepSeconds);
        evaluations = List.copyOf(evaluations);
    }

    /**
     * Evaluation in the history of a run.
     *
     * @param step number of completed steps; 0 before training
     * @param prefix {@code eval} for the validation rows, {@code eval_NAME} for further validation rows, {@code test}
     *     for test rows
     */
    public record Evaluated(int step, String prefix, Evaluation evaluation) {}

    /**
     * Reads a log; an incomplete last line is left out.
     *
     * @param totalSteps total number of steps of the run
     * @return the history; without steps and evaluations if there is no file
     * @throws UserException if the file cannot be read, or is not the log of a run
     */
    public static RunHistory read(Path file, int totalSteps) {
        return read(file, totalSteps, Progress.none());
    }

    /**
     * Reads a log as {@link #read(Path, int)} does, unless cancelled.
     *
     * @throws CancelledException if cancelled
     */
    public static RunHistory read(Path file, int totalSteps, Progress progress) {
        List<StepRecord> steps = new ArrayList<>();
        List<Double> seconds = new ArrayList<>();
        List<Evaluated> evaluations = new ArrayList<>();
        NumberReader numbers = SummaryFile.numbers(file);
        for (String line : wholeLines(file)) {
            progress.check();
            JsonNode json = parse(file, line);
            if (json.has("loss")) {
                steps.add(step(json, numbers, totalSteps));
                seconds.add(numbers.number(json, "step_seconds", 0));
            } else {
                json.properties().stream()
                        .map(Map.Entry::getKey)
                        .filter(key -> key.endsWith(SAMPLES))
                        .map(key -> key.substring(0, key.length() - SAMPLES.length()))
                        .forEach(prefix -> evaluations.add(evaluated(json, numbers, prefix)));
            }
        }
        return new RunHistory(steps, seconds, evaluations);
    }

    /**
     * Reports new lines of a log to a listener, as the trainer does.
     *
     * @param file log that the lines come from, for messages
     * @param totalSteps total number of steps of the run
     * @param prefix prefix of the evaluations to report
     * @return the last step of these lines; empty if there is none
     */
    public static Optional<StepRecord> tell(
            Path file, List<String> lines, int totalSteps, String prefix, TrainingListener listener) {
        NumberReader numbers = SummaryFile.numbers(file);
        StepRecord last = null;
        for (String line : lines) {
            JsonNode json = parse(file, line);
            if (json.has("loss")) {
                last = step(json, numbers, totalSteps);
                listener.step(last);
            } else if (json.has(prefix + SAMPLES)) {
                Evaluated found = evaluated(json, numbers, prefix);
                listener.evaluated(found.step(), found.evaluation());
            }
        }
        return Optional.ofNullable(last);
    }

    private static List<String> wholeLines(Path file) {
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new UserException(
                        "%s takes %s, more than the metrics of any run; put back the file that train wrote."
                                .formatted(file, ByteSize.of(Files.size(file))));
            }
            String text = Files.readString(file, StandardCharsets.UTF_8);
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(file, FileErrors.reason(e)), e);
        }
    }

    private static JsonNode parse(Path file, String line) {
        try {
            return Json.parse(line);
        } catch (JsonProcessingException e) {
            throw new UserException(
                    "%s holds a line that is no JSON; it is not the metrics of a run.".formatted(file), e);
        }
    }

    private static StepRecord step(JsonNode json, NumberReader numbers, int totalSteps) {
        return new StepRecord(
                numbers.requiredCount(json, "step"),
                totalSteps,
                numbers.number(json, "loss", Double.NaN),
                numbers.number(json, "learning_rate", 0),
                numbers.number(json, "grad_norm", 0),
                numbers.number(json, "tokens_per_second", 0),
                numbers.number(json, "seconds", 0),
                numbers.size(json, "memory_bytes"));
    }

    private static Evaluated evaluated(JsonNode json, NumberReader numbers, String prefix) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        json.properties().stream()
                .map(Map.Entry::getKey)
                .filter(key -> key.startsWith(prefix + "_")
                        && !List.of(prefix + LOSS, prefix + SAMPLES, prefix + INTERVALS)
                                .contains(key))
                .forEach(key -> metrics.put(key.substring(prefix.length() + 1), numbers.number(json, key, Double.NaN)));
        return new Evaluated(
                numbers.count(json, "step"),
                prefix,
                new Evaluation(
                        numbers.number(json, prefix + LOSS, Double.NaN),
                        numbers.count(json, prefix + SAMPLES),
                        metrics,
                        IntervalJson.read(json.path(prefix + INTERVALS), numbers),
                        IntervalJson.reasons(json.path(prefix + INTERVALS))));
    }
}
