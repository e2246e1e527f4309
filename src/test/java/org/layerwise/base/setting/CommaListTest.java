package org.layerwise.base.setting;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommaListTest {

    @Test
    void splitsBetweenItemsOnly() {
        assertThat(CommaList.split("query, value")).containsExactly("query", "value");
        assertThat(CommaList.split("a,,b,")).containsExactly("a", "", "b", "");
        assertThat(CommaList.split("")).containsExactly("");
        assertThat(CommaList.split(".*\\.layer\\.\\d{1,2}\\.(query|value)"))
                .containsExactly(".*\\.layer\\.\\d{1,2}\\.(query|value)");
        assertThat(CommaList.split("layer.[1,2].query=4,value=8")).containsExactly("layer.[1,2].query=4", "value=8");
        assertThat(CommaList.split("a\\(,b)")).containsExactly("a\\(", "b)");
    }
}
