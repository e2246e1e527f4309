package org.layerwise.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.layerwise.testing.NotedProgress;

class ProgressTest {

    @Test
    void viewsPassRemarksOn() {
        NotedProgress whole = new NotedProgress();
        whole.part(0, 0.5).part(0.2, 0.4).note("first");
        whole.silent().note("second");
        assertThat(whole.notes()).containsExactly("first", "second");
        NotedProgress other = new NotedProgress();
        whole.noting(other::note).part(0, 1).note("third");
        assertThat(other.notes()).containsExactly("third");
        assertThat(whole.notes()).doesNotContain("third");
    }
}
