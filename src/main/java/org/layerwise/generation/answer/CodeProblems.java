package org.layerwise.generation.answer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.base.json.Json;
import org.layerwise.data.file.Gzip;

/** Reads the problems from a benchmark's own file: JSON Lines, optionally compressed with gzip, or one JSON array. */
public final class CodeProblems {

    private CodeProblems() {}

    /**
     * Reads the problems in the order of the file.
     *
     * @param limit maximum number of problems; null for all
     * @throws UserException if the file is missing, broken or empty, a problem is incomplete, or an id occurs twice
     */
    public static List<CodeProblem> read(Path file, CodeBenchmark benchmark, @Nullable Integer limit) {
        WritablePaths.requireReadableFile(file);
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        List<CodeProblem> problems = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        int row = 0;
        for (JsonNode node : name.endsWith(".json") ? array(file) : lines(file)) {
            row++;
            String place = "Row %s of %s".formatted(row, file);
            CodeProblem problem = benchmark.problem(node, place);
            if (!ids.add(problem.taskId())) {
                throw new UserException(
                        "%s is the second one with task_id \"%s\"; leave one out.".formatted(place, problem.taskId()));
            }
            if (limit == null || problems.size() < limit) {
                problems.add(problem);
            }
        }
        if (problems.isEmpty()) {
            throw new UserException("%s holds no problems.".formatted(file));
        }
        return problems;
    }

    private static Iterable<JsonNode> array(Path file) {
        JsonNode array = Json.read(file);
        if (!array.isArray()) {
            throw new UserException(
                    "%s holds no list of problems; a file of one problem a line ends in .jsonl.".formatted(file));
        }
        return array;
    }

    private static List<JsonNode> lines(Path file) {
        List<JsonNode> rows = new ArrayList<>();
        int number = 0;
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(Gzip.open(file), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (!line.isBlank()) {
                    rows.add(Json.parse(line));
                }
            }
        } catch (JsonProcessingException e) {
            throw new UserException(
                    "Line %s of %s is no JSON object; a benchmark's file has one problem a line."
                            .formatted(number, file),
                    e);
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(file, FileErrors.reason(e)), e);
        }
        return rows;
    }
}
