package org.layerwise.study;

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
import org.layerwise.base.Json;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;
import org.layerwise.training.Evaluation;
import org.layerwise.training.StepRecord;
import org.layerwise.training.TrainingListener;

/**
 * What happened in a run, from its {@code metrics.jsonl}.
 *
 * @param steps in order
 * @param stepSeconds what each of them took
 * @param evaluations in order, of whatever rows
 */
public record RunHistory(List<StepRecord> steps, List<Double> stepSeconds, List<Evaluated> evaluations) {

    private static final String LOSS = "_loss";
    private static final String SAMPLES = "_samples";

    public RunHistory {
        steps = List.copyOf(steps);
        stepSeconds = List.copyOf(stepSeconds);
        evaluations = List.copyOf(evaluations);
    }

    /**
     * An evaluation.
     *
     * @param step the number of steps taken; 0 before training
     * @param prefix {@code eval} for the validation rows, {@code eval_NAME} for more of them, {@code test}
     */
    public record Evaluated(int step, String prefix, Evaluation evaluation) {}

    /**
     * Reads a log; a last line that is not whole yet is left out.
     *
     * @param totalSteps how many the run will take
     * @return nothing if there is no file
     * @throws UserException if it cannot be read, or holds something else
     */
    public static RunHistory read(Path file, int totalSteps) {
        List<StepRecord> steps = new ArrayList<>();
        List<Double> seconds = new ArrayList<>();
        List<Evaluated> evaluations = new ArrayList<>();
        for (String line : wholeLines(file)) {
            JsonNode json = parse(file, line);
            if (json.has("loss")) {
                steps.add(step(json, totalSteps));
                seconds.add(json.path("step_seconds").asDouble());
            } else {
                json.properties().stream()
                        .map(Map.Entry::getKey)
                        .filter(key -> key.endsWith(SAMPLES))
                        .map(key -> key.substring(0, key.length() - SAMPLES.length()))
                        .forEach(prefix -> evaluations.add(evaluated(json, prefix)));
            }
        }
        return new RunHistory(steps, seconds, evaluations);
    }

    /**
     * Tells what new lines say, as the trainer would have told it.
     *
     * @param prefix of the evaluations that are told
     * @return the last step among them
     */
    public static Optional<StepRecord> tell(
            Path file, List<String> lines, int totalSteps, String prefix, TrainingListener listener) {
        StepRecord last = null;
        for (String line : lines) {
            JsonNode json = parse(file, line);
            if (json.has("loss")) {
                last = step(json, totalSteps);
                listener.step(last);
            } else if (json.has(prefix + SAMPLES)) {
                Evaluated found = evaluated(json, prefix);
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
            String text = Files.readString(file, StandardCharsets.UTF_8);
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(file, WholeFiles.reason(e)), e);
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

    private static StepRecord step(JsonNode json, int totalSteps) {
        return new StepRecord(
                json.path("step").asInt(),
                totalSteps,
                json.path("loss").asDouble(),
                json.path("learning_rate").asDouble(),
                json.path("grad_norm").asDouble(),
                json.path("tokens_per_second").asDouble(),
                json.path("seconds").asDouble(),
                json.path("memory_bytes").asLong());
    }

    private static Evaluated evaluated(JsonNode json, String prefix) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        json.properties().forEach(entry -> {
            String key = entry.getKey();
            if (key.startsWith(prefix + "_") && !key.equals(prefix + LOSS) && !key.equals(prefix + SAMPLES)) {
                metrics.put(key.substring(prefix.length() + 1), entry.getValue().asDouble());
            }
        });
        return new Evaluated(
                json.path("step").asInt(),
                prefix,
                new Evaluation(
                        json.path(prefix + LOSS).asDouble(Double.NaN),
                        json.path(prefix + SAMPLES).asInt(),
                        metrics));
    }
}
