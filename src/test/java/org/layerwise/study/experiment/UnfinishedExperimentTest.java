package org.layerwise.study.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Progress;
import org.layerwise.base.file.Folders;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.study.experiment.outcome.ArmOutcome;
import org.layerwise.study.experiment.outcome.Outcome;
import org.layerwise.study.experiment.watch.SavedExperiment;

/** Experiments that are opened before all of their runs have ended. */
class UnfinishedExperimentTest extends TinyExperiment {

    private Outcome ran(boolean withTest) throws IOException {
        Path test = Files.copy(Path.of(rows), folder.resolve("test.jsonl"));
        ExperimentResult result = run(
                settings(
                        training(2, 2, 4, withTest ? test.toString() : null),
                        AnalysisSettings.defaults(),
                        arms("all", "last"),
                        List.of(1e-3),
                        2,
                        "out"),
                Progress.none(),
                ExperimentListener.none());
        Outcome outcome = ExperimentReport.outcome(result);
        for (String written : List.of(ExperimentFolder.SUMMARY, ExperimentFolder.RESULTS, ExperimentFolder.TEXT)) {
            Files.delete(out().resolve(written));
        }
        return outcome;
    }

    private Path out() {
        return folder.resolve("out");
    }

    private List<Path> finalRuns() throws IOException {
        try (Stream<Path> runs = Files.list(out().resolve("runs/final"))) {
            return runs.sorted().toList();
        }
    }

    private static List<Map<Long, Double>> values(Outcome outcome) {
        return outcome.arms().stream()
                .<Map<Long, Double>>map(ArmOutcome::values)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void allThatHasEndedIsShown(boolean withTest) throws IOException {
        Outcome whole = ran(withTest);
        SavedExperiment saved = SavedExperiment.read(out());
        assertThat(saved.ended()).isFalse();
        Outcome so = saved.outcome();
        assertThat(so).isNotNull();
        assertThat(so.ended()).isFalse();
        assertThat(so.conclusion()).isEmpty();
        assertThat(so.metric()).isEqualTo(whole.metric());
        assertThat(so.rows()).isEqualTo(whole.rows()).isEqualTo(withTest ? "test" : "validation");
        assertThat(values(so)).isEqualTo(values(whole));
        assertThat(so.arms().get(1).rate()).isEqualTo(1e-3);

        Files.delete(finalRuns().get(0).resolve("summary.json"));
        Folders.delete(finalRuns().get(2));
        Files.createDirectories(out().resolve("runs/final/none-lr0.001-seed7"));
        Outcome less = SavedExperiment.read(out()).outcome();
        assertThat(less).isNotNull();
        assertThat(less.arms()).extracting(ArmOutcome::runs).containsExactly(1, 1);
    }

    @Test
    void withoutAFinalRunThereIsNoOutcome() throws IOException {
        ran(false);
        Folders.delete(out().resolve("runs"));
        SavedExperiment saved = SavedExperiment.read(out());
        assertThat(saved.outcome()).isNull();
        assertThat(saved.ended()).isFalse();
    }

    @Test
    void theNameOfAFolderGivesItsRun() {
        for (String id : List.of("all", "all-half-r", "eva-ranks", "all-mlp")) {
            Cell cell = new Cell(Arm.of(id).orElseThrow(), 5e-4, 42, Cell.Purpose.FINAL);
            String name = cell.folder().substring(Cell.Purpose.FINAL.folder().length() + 1);
            assertThat(Cell.of(Cell.Purpose.FINAL, name)).hasValue(cell);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "all",
        "all-lr-seed1",
        "all-lr1-seed",
        "all-lr1e-seed1",
        "none-lr1-seed1",
        "all-lr1-seed9999999999999999999"
    })
    void otherNamesAreNoRuns(String name) {
        assertThat(Cell.of(Cell.Purpose.FINAL, name)).isEmpty();
    }
}
