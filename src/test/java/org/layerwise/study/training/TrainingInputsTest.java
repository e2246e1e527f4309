package org.layerwise.study.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingInputsTest {

    /** The reader of the data refuses them in a sentence. */
    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "a\uD800b"})
    void locationsMayBeNoPaths(String location) {
        assertThat(TrainingInputs.locations("rows.tsv," + location)).containsExactly("rows.tsv", location);
    }
}
