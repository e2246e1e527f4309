package org.layerwise.study.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MethodsParagraphTest {

    @Test
    void threadsOfAnEarlierVersionAreNotKnown() {
        MethodsParagraph prose = new MethodsParagraph();

        prose.software(Map.of("layerwise", "1.0", "device", "cpu"));

        assertThat(prose.text()).contains("All was computed with Layerwise 1.0 on the device cpu.");
    }

    @Test
    void whatAClusterComputedIsToldApart() {
        Map<String, String> there = new LinkedHashMap<>(Map.of("layerwise", "1.2", "remote", "lab", "workers", "2"));
        there.put("device", "cpu");
        there.put("dtype", "bfloat16");
        MethodsParagraph analysis = new MethodsParagraph();
        analysis.software(there);
        assertThat(analysis.text())
                .startsWith(
                        "The hidden states were computed on a cluster by 2 workers with PyTorch and transformers in bfloat16, all else with Layerwise 1.2 on the device cpu.");
        there.putAll(Map.of("torch", "2.7.1", "transformers", "4.55.4", "peft", "0.17.1", "workers", "1"));
        MethodsParagraph training = new MethodsParagraph();
        training.software(there);
        assertThat(training.text())
                .startsWith(
                        "It was planned with Layerwise 1.2 and computed on a cluster by 1 worker on the device cpu with PyTorch 2.7.1, transformers 4.55.4 and PEFT 0.17.1 in bfloat16.");
    }
}
