package org.layerwise.study.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.Loading;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Engines;

/** What a training is said to take is what it takes. */
class TrainingEstimateTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "sample, 0, lora, 0, false, F32, WHOLE",
        "sample, 6, lora, 0, false, F32, WHOLE",
        "sample, 0, lora, 0.1, false, F32, WHOLE",
        "sample, 0, dora, 0, false, F32, WHOLE",
        "sample, 0, lora, 0, true, F32, WHOLE",
        "sample, 0, lora, 0, false, F32, LAYERS",
        "sample, 6, lora, 0, false, BF16, LAYERS",
        "llama, 0, lora, 0, false, F32, WHOLE",
        "llama, 6, lora, 0, false, F32, LAYERS",
        "llama, 6, lora, 0, false, BF16, LAYERS",
        "nf4, 6, lora, 0, false, F32, WHOLE",
        "nf4, 0, lora, 0, false, BF16, LAYERS"
    })
    @EnabledOnOs(OS.LINUX) // measured from /proc
    void whatAStepTakesIsAsEstimated(
            String model,
            int lowest,
            String variant,
            double dropout,
            boolean checkpointing,
            ComputeType type,
            Loading loading)
            throws Exception {
        MemoryChild.Bytes bytes = MemoryChild.of(
                folder, new MemoryChild.Kind(model, lowest, variant, dropout, checkpointing, type, loading));
        // copies by oneDNN were measured less often
        double within = Engines.shared().keepsCopies(DType.F32, Device.CPU) ? 0.3 : 0.15;
        assertThat((double) bytes.measured() / bytes.estimated())
                .as("%d bytes measured, %d estimated", bytes.measured(), bytes.estimated())
                .isBetween(1 - within, 1 + within);
    }
}
