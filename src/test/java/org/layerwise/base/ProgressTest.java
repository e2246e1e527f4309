package org.layerwise.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {

    @Test
    void viewsPassRemarksOn() {
        List<String> notes = new ArrayList<>();
        Progress whole = new Progress() {
            @Override
            public void report(double fraction, String message) {
                // not of interest
            }

            @Override
            public void note(String remark) {
                notes.add(remark);
            }

            @Override
            public boolean cancelled() {
                return false;
            }
        };
        whole.part(0, 0.5).part(0.2, 0.4).note("first");
        whole.silent().note("second");
        assertThat(notes).containsExactly("first", "second");
    }
}
