package org.layerwise.study.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.gradient.GradientScores;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.base.Progress;
import org.layerwise.data.Dataset;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Split;
import org.layerwise.run.Provenance;
import org.layerwise.run.RowsIdentity;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.LabelledData;
import org.layerwise.study.model.OpenModel;
import org.layerwise.testing.WordTokenizer;
import org.layerwise.training.TaskKind;

/** Inputs of an analysis that are no longer those that it was made from. */
class AnalysisChangesTest {

    private static final Map<Integer, String> WORDS = Map.of(0, "<unk>", 1, "<s>", 2, "</s>");

    @TempDir
    private Path folder;

    private Workbench workbench;

    @BeforeEach
    void open() {
        workbench = TinyStudy.workbench(folder.resolve("home"));
    }

    @AfterEach
    void close() {
        workbench.close();
    }

    private static AnalysisSettings by(Measure measure) {
        return AnalysisSettings.defaults().with(List.of(measure));
    }

    private static Provenance analyzed(AnalysisJob job) {
        return job.run(Progress.none(), partial -> {}).provenance();
    }

    @Test
    void otherLabelsChangeGradientsAndNoRepresentations() {
        DataSettings rows = DataSettings.of(TinyStudy.classes(folder).toString());
        try (OpenModel model = TinyStudy.open(workbench)) {
            AnalysisJob gradients = new AnalysisJob(workbench, model, rows, by(GradientScores.GRADIENT_NORM));
            AnalysisJob similarity = new AnalysisJob(workbench, model, rows, by(LinearCka.MEASURE));
            Provenance ofGradients = analyzed(gradients);
            Provenance ofSimilarity = analyzed(similarity);
            assertThat(gradients.changedSince(ofGradients, Progress.none())).isEmpty();

            TinyStudy.write(Path.of(rows.data()), row -> row % 2);

            assertThat(gradients.changedSince(ofGradients, Progress.none()))
                    .hasValue("the labels or the tokens of " + rows.data());
            assertThat(similarity.changedSince(ofSimilarity, Progress.none())).isEmpty();
        }
    }

    @Test
    void anotherTokenizerChangesRepresentations() throws IOException {
        Path copy = WordTokenizer.copy("bert", folder.resolve("model"));
        WordTokenizer.write(copy, 20, Map.of(0, "[UNK]"), List.of());
        DataSettings rows = DataSettings.of(texts().toString());
        Provenance earlier;
        try (OpenModel model = workbench.openModel(copy.toString(), "cpu", Progress.none())) {
            earlier = analyzed(new AnalysisJob(workbench, model, rows, by(LinearCka.MEASURE)));
        }
        assertThat(changed(copy, rows, earlier)).isEmpty();

        WordTokenizer.write(copy, 20, Map.of(0, "[UNK]", 4, "5", 5, "4"), List.of());

        assertThat(changed(copy, rows, earlier)).isEqualTo("the labels or the tokens of " + rows.data());
    }

    private String changed(Path folder, DataSettings rows, Provenance earlier) {
        try (OpenModel model = workbench.openModel(folder.toString(), "cpu", Progress.none())) {
            return new AnalysisJob(workbench, model, rows, by(LinearCka.MEASURE))
                    .changedSince(earlier, Progress.none())
                    .orElse("");
        }
    }

    @Test
    void anAnalysisOfAnEarlierVersionIsComparedByWhatItKnows() {
        DataSettings rows = DataSettings.of(TinyStudy.classes(folder).toString());
        try (OpenModel model = TinyStudy.open(workbench)) {
            AnalysisJob job = new AnalysisJob(workbench, model, rows, by(GradientScores.GRADIENT_NORM));
            Provenance now = analyzed(job);
            Provenance earlier = new Provenance(
                    now.modelReference(),
                    now.weights(),
                    now.dataSha256(),
                    null,
                    now.adapter(),
                    now.versions(),
                    now.computed(),
                    now.seconds());
            TinyStudy.write(Path.of(rows.data()), row -> row % 2);

            assertThat(job.changedSince(earlier, Progress.none())).isEmpty();
        }
    }

    @Test
    void aLanguageModelsRowsAreThoseOfATraining() throws IOException {
        Path copy = WordTokenizer.copy("llama", folder.resolve("model"));
        WordTokenizer.write(copy, 20, WORDS, List.of(0, 1, 2));
        DataSettings rows = DataSettings.of(texts().toString());
        try (OpenModel model = workbench.openModel(copy.toString(), "cpu", Progress.none())) {
            Provenance made = analyzed(new AnalysisJob(workbench, model, rows, by(GradientScores.GRADIENT_NORM)));
            Dataset read = workbench.read(rows, LabelUse.IGNORE, Split.TRAIN, Progress.none());
            LabelledData training = LabelledData.of(model, read, TaskKind.CAUSAL_LM, 0, rows, Progress.none());

            assertThat(made.rows()).isEqualTo(RowsIdentity.of(training.tokens()));
        }
    }

    private Path texts() throws IOException {
        return Files.write(
                folder.resolve("texts.jsonl"),
                List.of(
                        "{\"text\": \"3 4 5\"}",
                        "{\"text\": \"6 5 4 7\"}",
                        "{\"text\": \"8 9\"}",
                        "{\"text\": \"5 5 6\"}",
                        "{\"text\": \"4 8 3\"}"));
    }
}
