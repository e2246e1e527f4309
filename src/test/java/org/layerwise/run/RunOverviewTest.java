package org.layerwise.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.testing.EarlierFiles;

class RunOverviewTest {

    @Test
    void aStepIsToldOnlyWithTheValueOfItsMetric(@TempDir Path folder) throws IOException {
        EarlierFiles.copy(folder);
        Path run = folder.resolve("run");
        assertThat(RunOverview.of(Run.open(run)).validationStep()).hasValue(14);

        Path summary = run.resolve("summary.json");
        Files.writeString(summary, Files.readString(summary).replaceAll("\"accuracy\" : 0\\.\\d+,", ""));
        RunOverview without = RunOverview.of(Run.open(run));
        assertThat(without.validation()).isEmpty();
        assertThat(without.validationStep()).isEmpty();
    }
}
