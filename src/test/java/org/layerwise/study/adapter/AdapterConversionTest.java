package org.layerwise.study.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.testing.CancelledProgress;
import org.layerwise.testing.Golden;

/** A conversion stops wherever it is told to, and then leaves nothing. */
class AdapterConversionTest {

    private static final Path ADAPTERS = Golden.folder("lora_llama_pissa_as_lora");

    @TempDir
    private Path folder;

    @Test
    void aCancelledConversionLeavesNothing() throws IOException {
        Path results = Files.createDirectory(folder.resolve("results"));
        AtomicInteger asked = new AtomicInteger();
        try (Workbench workbench = TinyStudy.workbench(folder.resolve("home"))) {
            convert(workbench, folder.resolve("whole"), CancelledProgress.when(() -> asked.incrementAndGet() < 0));
            assertThat(asked.get()).isGreaterThan(tensors());

            for (int times = 0; times < asked.get(); times++) {
                AtomicInteger left = new AtomicInteger(times);
                Progress progress = CancelledProgress.when(() -> left.getAndDecrement() <= 0);
                assertThatThrownBy(() -> convert(workbench, results.resolve("plain"), progress))
                        .isInstanceOf(CancelledException.class);
                assertThat(results).isEmptyDirectory();
            }
        }
    }

    private static int tensors() {
        try (SafetensorsFile file = SafetensorsFile.open(ADAPTERS.resolve("pissa_final/adapter_model.safetensors"))) {
            return 2 * file.names().size();
        }
    }

    private static void convert(Workbench workbench, Path out, Progress progress) {
        AdapterConversion.run(
                workbench, ADAPTERS.resolve("pissa_final"), ADAPTERS.resolve("pissa_init"), null, out, progress);
    }
}
