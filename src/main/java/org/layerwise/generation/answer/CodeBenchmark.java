package org.layerwise.generation.answer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;

/**
 * Benchmarks of code generation: reads their problems, builds the prompts, and writes the samples for their evaluation
 * harnesses. Layerwise never runs the generated code.
 */
public enum CodeBenchmark {
    /**
     * HumanEval (Chen et al., 2021), {@code HumanEval.jsonl}: samples are {@code {"task_id", "completion"}}, which
     * OpenAI's {@code evaluate_functional_correctness} and EvalPlus append to the prompt.
     */
    HUMAN_EVAL {
        @Override
        CodeProblem problem(JsonNode row, String place) {
            return new CodeProblem(
                    taskId(row, place, "HumanEval/"),
                    text(row, place, "prompt"),
                    text(row, place, "entry_point"),
                    List.of());
        }

        @Override
        public String instruction(CodeProblem problem) {
            return "Complete this Python function. Write code only, without tests or explanation.\n\n```python\n%s\n```"
                    .formatted(problem.prompt().strip());
        }

        @Override
        public String continuation(CodeProblem problem) {
            return problem.prompt();
        }

        @Override
        public String code(CodeProblem problem, String generated) {
            return GeneratedCode.of(generated, problem.entryPoint());
        }

        @Override
        public List<String> stopsOfContinuation() {
            return GeneratedCode.stopsOfContinuation();
        }

        @Override
        public ObjectNode sample(CodeProblem problem, String code) {
            // a whole function begins on a new line after the prompt
            boolean joined = problem.prompt().endsWith("\n") || !GeneratedCode.whole(code, problem.entryPoint());
            return line(problem.taskId(), "completion", joined ? code : "\n" + code);
        }
    },

    /**
     * MBPP (Austin et al., 2021), {@code mbpp.jsonl} or {@code sanitized-mbpp.json}, or EvalPlus's
     * {@code MbppPlus.jsonl}: samples are {@code {"task_id": "Mbpp/601", "solution"}}, which EvalPlus runs unchanged.
     */
    MBPP {
        @Override
        CodeProblem problem(JsonNode row, String place) {
            String words = row.path("text").isTextual() ? text(row, place, "text") : text(row, place, "prompt");
            String id = row.path("task_id").isIntegralNumber()
                    ? "Mbpp/" + row.path("task_id").asText()
                    : taskId(row, place, "Mbpp/");
            List<String> tests = new ArrayList<>();
            row.path("test_list").forEach(test -> tests.add(test.asText()));
            if (tests.isEmpty() && !row.path("entry_point").isTextual()) {
                throw new UserException(
                        "%s has no tests in \"test_list\", which tell what to call the function; mend it or leave it out."
                                .formatted(place));
            }
            @Nullable
            String entryPoint = row.path("entry_point").isTextual()
                    ? row.path("entry_point").asText()
                    : null;
            return new CodeProblem(id, words, entryPoint, tests);
        }

        @Override
        public String instruction(CodeProblem problem) {
            return problem.tests().isEmpty()
                    ? problem.prompt().strip()
                    : "You are an expert Python programmer, and here is your task: %s Your code should pass these tests:\n\n%s"
                            .formatted(problem.prompt().strip(), String.join("\n", problem.tests()));
        }

        @Override
        public String continuation(CodeProblem problem) {
            return instruction(problem) + "\n[BEGIN]\n";
        }

        @Override
        public String code(CodeProblem problem, String generated) {
            return GeneratedCode.of(generated, null);
        }

        @Override
        public List<String> stopsOfContinuation() {
            return List.of("[DONE]");
        }

        @Override
        public ObjectNode sample(CodeProblem problem, String code) {
            return line(problem.taskId(), "solution", code);
        }
    };

    /** Returns the prompt for an instruction-tuned model. */
    public abstract String instruction(CodeProblem problem);

    /**
     * Returns the prompt for a model without instruction tuning: HumanEval's code unchanged, or the prompt of the MBPP
     * paper.
     */
    public abstract String continuation(CodeProblem problem);

    /** Returns the code in a generated text; empty if there is none. */
    public abstract String code(CodeProblem problem, String generated);

    /** Returns the stop strings for a model that continues the prompt. */
    public abstract List<String> stopsOfContinuation();

    /** Returns a line of the file that the harness reads. */
    public abstract ObjectNode sample(CodeProblem problem, String code);

    /** Reads a problem from a row of the benchmark's file. */
    abstract CodeProblem problem(JsonNode row, String place);

    private static ObjectNode line(String taskId, String key, String code) {
        ObjectNode line = Json.object();
        line.put("task_id", taskId);
        line.put(key, code);
        return line;
    }

    /** Reads the id of a problem and refuses ids of other benchmarks, which the harness does not know. */
    private static String taskId(JsonNode row, String place, String start) {
        String id = text(row, place, "task_id");
        if (!id.startsWith(start)) {
            throw new UserException(
                    "%s has the task_id \"%s\", but those of this benchmark start with %s; is it another benchmark's file?"
                            .formatted(place, id, start));
        }
        return id;
    }

    private static String text(JsonNode row, String place, String key) {
        JsonNode value = row.path(key);
        if (!value.isTextual() || value.asText().isBlank()) {
            throw new UserException("%s has no text \"%s\", which a problem needs; is it the benchmark's own file?"
                    .formatted(place, key));
        }
        return value.asText();
    }
}
