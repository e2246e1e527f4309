package org.layerwise.gui.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.gui.Desk;
import org.layerwise.gui.common.MetricTexts;
import org.layerwise.gui.common.Sheet;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.run.PeakMemorySource;
import org.layerwise.run.Run;
import org.layerwise.run.RunRecord;
import org.layerwise.run.TrainingSummary;
import org.layerwise.testing.EarlierFiles;

class RunTextsTest {

    @Test
    void anIntervalWithoutAnEndIsADash() {
        assertThat(MetricTexts.cell(new Interval(1.5, Double.POSITIVE_INFINITY)))
                .isEqualTo(Sheet.Cell.NONE);
        assertThat(MetricTexts.cell(new Interval(1.5, 2)).exact()).isEqualTo("1.5 to 2.0");
    }

    @Test
    void theSubjectOfAPeakIsThatOfTheReadFolder(@TempDir Path folder) throws IOException {
        EarlierFiles.copy(folder);
        Run run = Run.open(folder.resolve("run-remote"));
        RunEntry entry =
                RunEntry.of(1, new RunRecord(run, run.history(), null, false, false, "shared", PeakMemorySource.CARD));
        Files.writeString(run.folder().resolve("summary.json"), "{ broken");

        assertThat(RunTexts.memory(entry, 1 << 20)).endsWith(" (card)");
    }

    @Test
    void theAdapterOfTheBestStepIsTheOneThatACancelledRunSaved(@TempDir Path folder) {
        Desk desk = new Desk();
        TrainingSummary summary = new TrainingSummary(
                Path.of("run"), true, false, 20, 12, 0, new TreeSet<>(), 1, 1, 1, null, null, null, 0.5, 1, 1, 0);
        new RunNotifications(desk, desk, Clock.systemUTC())
                .finish(new RunEntry(1, "run", Path.of("run"), new TreeSet<>(), 12), summary);

        assertThat(desk.sentences())
                .containsExactly("The adapter of step 12 is saved, and a checkpoint to resume from");
    }
}
