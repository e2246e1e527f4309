package org.layerwise.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassIndicesTest {

    private static Integer find(String name, String known) {
        return ClassIndices.ofAnySpelling(List.of("other", known), List.of("another", name))
                .get(name);
    }

    @ParameterizedTest
    @CsvSource({
        "NOT-ENTAILMENT, not_entailment",
        "Not entailment, not_entailment",
        "notEntailment, NOT - ENTAILMENT",
        "Positive, POSITIVE",
        "\u00c9TAT-CIVIL, \u00e9tat civil",
        "\u0928\u0940 \u0932\u093e, \u0928\u0940_\u0932\u093e"
    })
    void caseAndSeparatorsBetweenLettersDoNotCount(String name, String known) {
        assertThat(find(name, known)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "C, C#",
        "C, C++",
        "C#, C++",
        "C, c-",
        "1.0, 10",
        "1-5, 15",
        "-1, 1",
        "score -1, score 1",
        "contra'diction, contradiction",
        "\u0915\u093f, \u0915\u0940"
    })
    void otherSignsAndMarksCount(String name, String known) {
        assertThat(find(name, known)).isNull();
        assertThat(find(known, name)).isNull();
    }

    @Test
    void namesThatDifferInCaseAloneMustBeSpelledAlike() {
        ClassIndices indices = ClassIndices.ofAnySpelling(List.of("a", "A"), List.of("a", "A"));

        assertThat(indices.get("a")).isZero();
        assertThat(indices.get("A")).isEqualTo(1);
        assertThat(ClassIndices.of(List.of("a")).get("A")).isNull();
    }
}
