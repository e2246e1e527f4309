package org.layerwise.study.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Yaml;
import org.layerwise.study.experiment.outcome.Outcome;
import org.layerwise.study.experiment.report.MarkdownReport;
import org.layerwise.study.experiment.rules.ExperimentRules;
import org.layerwise.study.experiment.rules.Stopping;
import org.layerwise.study.experiment.rules.SweepRule;
import org.layerwise.study.experiment.watch.SavedExperiment;

class SavedExperimentTest {

    @TempDir
    private Path folder;

    private ExperimentResult write() throws IOException {
        Map<Arm, double[]> arms = new LinkedHashMap<>();
        arms.put(Arm.ALL, new double[] {0.8, 0.71, 0.9});
        arms.put(Arm.RANDOM, new double[] {0.7, 0.72, 0.6});
        arms.put(Arm.LAST, new double[] {0.6, 0.5, 0.75});
        ExperimentResult result = ExperimentSamples.result(arms);
        ExperimentSettings settings = result.settings().with(new ExperimentRules(SweepRule.FULL, Stopping.HALF, 0.01));
        Files.writeString(folder.resolve(ExperimentFile.NAME), Yaml.write(ExperimentFile.flags(settings)));
        Files.writeString(folder.resolve(ExperimentFolder.RESULTS), ExperimentCsv.runs(result));
        Files.writeString(folder.resolve(ExperimentFolder.SUMMARY), ExperimentCsv.arms(result));
        Files.writeString(folder.resolve(ExperimentFolder.TEXT), MarkdownReport.of(ExperimentReport.blocks(result)));
        return result;
    }

    @Test
    void aFinishedExperimentIsReadAsItWasWritten() throws IOException {
        Outcome written = ExperimentReport.outcome(write());
        SavedExperiment saved = SavedExperiment.read(folder);

        assertThat(saved.outcome()).isEqualTo(written);
        assertThat(written.conclusion()).as("the paragraphs of the report").isNotEmpty();
        assertThat(saved.choices().arms()).containsExactly(Arm.ALL, Arm.RANDOM, Arm.LAST);
        assertThat(saved.choices().rates()).containsExactly(1e-3);
        assertThat(saved.choices().seeds()).isEqualTo(5);
        assertThat(saved.choices().rules().stopping()).isEqualTo(Stopping.HALF);
        assertThat(saved.choices().rules().difference()).isEqualTo(0.01);
        assertThat(saved.pilot()).isEmpty();
    }

    @Test
    void anExperimentThatHasNotEndedHasNoOutcome() throws IOException {
        write();
        Files.delete(folder.resolve(ExperimentFolder.SUMMARY));
        assertThat(SavedExperiment.read(folder).outcome()).isNull();
    }

    @Test
    void otherFoldersAndDamagedFilesAreRefused() throws IOException {
        assertThatThrownBy(() -> SavedExperiment.read(folder))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("is not the folder of an experiment: it has no experiment.yaml");
        write();
        Path summary = folder.resolve(ExperimentFolder.SUMMARY);
        String whole = Files.readString(summary);
        Files.writeString(summary, whole + "all,1\n");
        assertThatThrownBy(() -> SavedExperiment.read(folder))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("summary.csv is damaged");
        Files.writeString(summary, whole.replace("663552", "many"));
        assertThatThrownBy(() -> SavedExperiment.read(folder))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("summary.csv is damaged");
    }
}
