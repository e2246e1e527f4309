package org.layerwise.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.layerwise.base.json.Json;

/**
 * Workers of a job, from {@code workers.json} of its run, which every attempt writes again when all of its workers have
 * come together. A step needs all workers, so the loss of one ends the attempt.
 *
 * @param afterStep the step after which the attempt continues; 0 for the beginning
 * @param workers workers by rank
 */
public record JobWorkers(int afterStep, List<Worker> workers) {

    /** Name of the file in the run's folder on the cluster. */
    static final String FILE = "workers.json";

    private static final int VERSION = 1;

    private static final int MOST = 100_000;

    private static final int MOST_NAMED = 16;

    /**
     * Worker of a job.
     *
     * @param device the name of its GPU, or {@code CPU}
     */
    public record Worker(String host, String device) {}

    public JobWorkers {
        workers = List.copyOf(workers);
    }

    /**
     * Parses the workers; empty if none have come together, or the text is of another version or not a list of workers.
     */
    static Optional<JobWorkers> of(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        JsonNode json;
        try {
            json = Json.parse(text);
        } catch (JsonProcessingException e) {
            return Optional.empty(); // the file is being written; the next query reads it complete
        }
        JsonNode all = json.path("workers");
        if (json.path("version").intValue() != VERSION || all.isEmpty() || all.size() > MOST) {
            return Optional.empty();
        }
        List<Worker> found = new ArrayList<>();
        for (JsonNode one : all) {
            found.add(new Worker(
                    JobLogText.line(one.path("host").asText("?")),
                    JobLogText.line(one.path("device").asText("?"))));
        }
        return Optional.of(new JobWorkers(json.path("after_step").intValue(), found));
    }

    /**
     * Returns a short description: {@code 2 workers: head (CPU), node2 (CPU)}. Workers on one computer with one kind of
     * device are counted; of many computers only the first are named.
     */
    public String words() {
        List<String> who = workers.stream()
                .collect(Collectors.groupingBy(one -> one, LinkedHashMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .map(entry -> "%s (%s%s)"
                        .formatted(
                                entry.getKey().host(),
                                entry.getValue() > 1 ? entry.getValue() + " × " : "",
                                entry.getKey().device()))
                .toList();
        String named = String.join(", ", who.subList(0, Math.min(MOST_NAMED, who.size())));
        String more = who.size() > MOST_NAMED ? " and %s more".formatted(who.size() - MOST_NAMED) : "";
        return "%s %s: %s%s".formatted(workers.size(), workers.size() == 1 ? "worker" : "workers", named, more);
    }
}
