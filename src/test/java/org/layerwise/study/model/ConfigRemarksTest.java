package org.layerwise.study.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.testing.Golden;

class ConfigRemarksTest {

    /** transformers 4 takes the ratio of the lengths, transformers 5 the factor. */
    @Test
    void tellsThatVersionsTakeOtherFactorsOfYarn() {
        try (Checkpoint consistent = Checkpoint.open(Golden.folder("llama_yarn_mscale"));
                Checkpoint checkpoint = Checkpoint.open(Golden.folder("llama_yarn"))) {
            assertThat(ConfigRemarks.of(consistent)).isEmpty();
            assertThat(ConfigRemarks.of(checkpoint))
                    .singleElement()
                    .asString()
                    .contains("a YaRN factor of 4.0, but its max_position_embeddings is 3.0 times")
                    .endsWith("Set max_position_embeddings to 256 if the factor is right.");
        }
    }
}
