package org.layerwise.study.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a training is said to take is what it takes. */
class TrainingEstimateTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"0, lora, 0, false", "6, lora, 0, false", "0, lora, 0.1, false", "0, dora, 0, false", "0, lora, 0, true"
    })
    @EnabledOnOs(OS.LINUX) // measured from /proc
    void theActivationsOfAStepAreAsEstimated(int lowest, String variant, double dropout, boolean checkpointing)
            throws Exception {
        MemoryChild.Bytes bytes = MemoryChild.of(folder, new MemoryChild.Kind(lowest, variant, dropout, checkpointing));
        assertThat((double) bytes.measured() / bytes.estimated())
                .as("%d bytes measured, %d estimated", bytes.measured(), bytes.estimated())
                .isBetween(0.7, 1.3);
    }
}
