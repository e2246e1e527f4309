package org.layerwise.generation.answer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GeneratedCodeTest {

    @Test
    void aContinuationEndsWhereTheFunctionDoes() {
        String body = "    total = 0\n    for x in xs:\n        total += x\n\n    return total";
        for (String rest : new String[] {
            "\n\ndef other():\n    pass",
            "\nclass A:",
            "\n# now the tests",
            "\nif __name__ == \"__main__\":",
            "\nprint(total([1]))",
            "\nassert total([]) == 0",
            "\n```\nThis sums.",
            "\n@cache",
            "\nfrom math import pi",
            "\n[DONE]",
            "\n\n\n"
        }) {
            assertThat(GeneratedCode.of(body + rest, "total")).as(rest).isEqualTo(body);
        }
    }

    @Test
    void whatIsIndentedStaysInIt() {
        String body =
                "    # a comment\n    if x:\n        print(x)\n    def inner():\n        return 1\n    return inner()";
        assertThat(GeneratedCode.of(body, "f")).isEqualTo(body);
    }

    @Test
    void aWholeFunctionKeepsItsHelpersAndLosesItsTrial() {
        String code =
                """
                import math

                def helper(x):
                    return math.floor(x)

                def solve(x):
                    return helper(x) + late(x)

                def late(x):
                    return 0""";
        assertThat(GeneratedCode.of("Here it is:\n\n" + code + "\n\n# Example usage\nprint(solve(2))", "solve"))
                .isEqualTo(code);
        assertThat(GeneratedCode.of("Sure.\n```python\n" + code + "\n\nassert solve(1) == 1\n```\nIt works.", "solve"))
                .isEqualTo(code);
        assertThat(GeneratedCode.of("```\n" + code + "\n```", null)).isEqualTo(code);
        assertThat(GeneratedCode.of("LIMIT = 3\n" + code + "\nif __name__ == '__main__':\n    solve(1)", null))
                .isEqualTo("LIMIT = 3\n" + code);
    }

    @Test
    void theFirstBlockCounts() {
        assertThat(GeneratedCode.of(
                        "```python\ndef f():\n    return 1\n```\nor\n```python\ndef f():\n    return 2\n```", "f"))
                .isEqualTo("def f():\n    return 1");
        assertThat(GeneratedCode.of("    return 1\n```\nExample:\n```python\nf()\n```", "f"))
                .isEqualTo("    return 1");
        assertThat(GeneratedCode.of("```py\r\ndef f():\r\n    return 1", "f")).isEqualTo("def f():\n    return 1");
    }

    @Test
    void aTextOfOtherThingsIsLeftToTheHarness() {
        assertThat(GeneratedCode.of("", "f")).isEmpty();
        assertThat(GeneratedCode.of("I cannot do this.", "f")).isEqualTo("I cannot do this.");
    }
}
