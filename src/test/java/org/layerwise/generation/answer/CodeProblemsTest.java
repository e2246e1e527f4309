package org.layerwise.generation.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;

class CodeProblemsTest {

    private static final String HUMAN_EVAL =
            """
            {"task_id": "HumanEval/0", "prompt": "def twice(x):\\n    \\"\\"\\"Doubles.\\"\\"\\"\\n", "entry_point": "twice", "canonical_solution": "    return 2 * x\\n", "test": "def check(f):\\n    assert f(2) == 4\\n"}

            {"task_id": "HumanEval/1", "prompt": "def half(x):\\n    \\"\\"\\"Halves.\\"\\"\\"", "entry_point": "half", "canonical_solution": "", "test": ""}
            """;
    private static final String MBPP =
            """
            {"task_id": 601, "text": "Write a function that doubles.", "code": "", "test_list": ["assert twice(2) == 4", "assert twice(0) == 0"]}
            """;

    @TempDir
    Path folder;

    @Test
    void humanEvalIsReadPackedAndPlain() throws IOException {
        Path packed = folder.resolve("HumanEval.jsonl.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write(HUMAN_EVAL.getBytes(StandardCharsets.UTF_8));
        }
        List<CodeProblem> problems = CodeProblems.read(packed, CodeBenchmark.HUMAN_EVAL, null);
        assertThat(problems).hasSize(2).isEqualTo(read("HumanEval.jsonl", HUMAN_EVAL, CodeBenchmark.HUMAN_EVAL));
        assertThat(problems.get(0).taskId()).isEqualTo("HumanEval/0");
        assertThat(problems.get(0).entryPoint()).isEqualTo("twice");
        assertThat(CodeBenchmark.HUMAN_EVAL.continuation(problems.get(0)))
                .isEqualTo("def twice(x):\n    \"\"\"Doubles.\"\"\"\n");
        assertThat(CodeProblems.read(packed, CodeBenchmark.HUMAN_EVAL, 1)).hasSize(1);
    }

    @Test
    void humanEvalSamplesContinueThePrompt() throws IOException {
        List<CodeProblem> problems = read("HumanEval.jsonl", HUMAN_EVAL, CodeBenchmark.HUMAN_EVAL);
        assertThat(Json.line(CodeBenchmark.HUMAN_EVAL.sample(problems.get(0), "    return 2 * x")))
                .isEqualTo("{\"task_id\":\"HumanEval/0\",\"completion\":\"    return 2 * x\"}");
        assertThat(Json.line(CodeBenchmark.HUMAN_EVAL.sample(problems.get(1), "def half(x):\n    return x / 2")))
                .isEqualTo("{\"task_id\":\"HumanEval/1\",\"completion\":\"\\ndef half(x):\\n    return x / 2\"}");
    }

    @Test
    void mbppIsReadInItsThreeLayouts() throws IOException {
        CodeProblem plain = read("mbpp.jsonl", MBPP, CodeBenchmark.MBPP).get(0);
        CodeProblem sanitized = read(
                        "sanitized-mbpp.json",
                        "[%s]".formatted(MBPP.replace("\"text\"", "\"prompt\"")),
                        CodeBenchmark.MBPP)
                .get(0);
        CodeProblem plus = read(
                        "MbppPlus.jsonl",
                        "{\"task_id\": \"Mbpp/601\", \"prompt\": \"\\\"\\\"\\\"\\nDouble.\\n\\\"\\\"\\\"\\n\", \"entry_point\": \"twice\"}",
                        CodeBenchmark.MBPP)
                .get(0);
        assertThat(sanitized).isEqualTo(plain);
        assertThat(plus.taskId()).isEqualTo(plain.taskId()).isEqualTo("Mbpp/601");
        assertThat(CodeBenchmark.MBPP.instruction(plain))
                .contains("Write a function that doubles.")
                .endsWith("assert twice(2) == 4\nassert twice(0) == 0");
        assertThat(CodeBenchmark.MBPP.instruction(plus)).startsWith("\"\"\"");
        assertThat(Json.line(CodeBenchmark.MBPP.sample(plain, "def twice(x):\n    return 2 * x")))
                .isEqualTo("{\"task_id\":\"Mbpp/601\",\"solution\":\"def twice(x):\\n    return 2 * x\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
        {"task_id": "HumanEval/0", "prompt": "x"}       | entry_point
        {"prompt": "x", "entry_point": "f"}             | task_id
        {"task_id": "HumanEval/1", "prompt": 3, "entry_point": "f"} | prompt
        {"task_id": "Mbpp/1", "prompt": "x", "entry_point": "f"} | start with HumanEval/
        {"task_id": "a",                                | Line 1
        [1, 2]                                          | task_id
        """)
    void brokenRowsAreNamed(String text, String named) {
        assertThatThrownBy(() -> read("broken.jsonl", text, CodeBenchmark.HUMAN_EVAL))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(named)
                .hasMessageContaining("broken.jsonl");
    }

    @Test
    void missingEmptyAndDoubledFilesAreToldSo() {
        assertThatThrownBy(() -> CodeProblems.read(folder.resolve("none.jsonl"), CodeBenchmark.MBPP, null))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("none.jsonl");
        assertThatThrownBy(() -> read("empty.jsonl", "\n", CodeBenchmark.MBPP))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("no problems");
        assertThatThrownBy(() -> read("twice.jsonl", MBPP + MBPP, CodeBenchmark.MBPP))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("Mbpp/601");
        assertThatThrownBy(() -> read("bad.jsonl.gz", MBPP, CodeBenchmark.MBPP))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("bad.jsonl.gz");
        assertThatThrownBy(() -> read("other.jsonl", HUMAN_EVAL, CodeBenchmark.MBPP))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("start with Mbpp/");
        assertThatThrownBy(() -> read("tests.jsonl", "{\"task_id\": 1, \"text\": \"Write\"}", CodeBenchmark.MBPP))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("test_list");
    }

    private List<CodeProblem> read(String name, String text, CodeBenchmark benchmark) throws IOException {
        return CodeProblems.read(Files.writeString(folder.resolve(name), text), benchmark, null);
    }
}
