package org.layerwise.run;

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
import org.layerwise.testing.CancelledProgress;
import org.layerwise.testing.EarlierFiles;

class RunOverviewTest {

    @Test
    void aStepIsToldOnlyWithTheValueOfItsMetric(@TempDir Path folder) throws IOException {
        EarlierFiles.copy(folder);
        Path run = folder.resolve("run");
        assertThat(RunOverview.of(Run.open(run), Progress.none()).validationStep())
                .hasValue(14);

        Path summary = run.resolve("summary.json");
        Files.writeString(summary, Files.readString(summary).replaceAll("\"accuracy\" : 0\\.\\d+,", ""));
        RunOverview without = RunOverview.of(Run.open(run), Progress.none());
        assertThat(without.validation()).isEmpty();
        assertThat(without.validationStep()).isEmpty();
    }

    /** A log may have millions of lines. */
    @Test
    void cancellingEndsTheReadingOfALog(@TempDir Path folder) {
        EarlierFiles.copy(folder);
        Run run = Run.open(folder.resolve("run"));
        AtomicInteger asked = new AtomicInteger();

        assertThatThrownBy(() -> RunOverview.of(run, CancelledProgress.when(() -> asked.incrementAndGet() == 3)))
                .isInstanceOf(CancelledException.class);
        assertThat(asked).hasValue(3);
    }
}
