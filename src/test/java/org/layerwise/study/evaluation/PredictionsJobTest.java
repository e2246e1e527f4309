package org.layerwise.study.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.analysis.uncertainty.McNemar;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.run.uncertainty.PairedTest;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.evaluation.PredictedRow.Prediction;
import org.layerwise.study.evaluation.PredictionsJob.Side;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.training.TrainingJob;
import org.layerwise.testing.Golden;
import org.layerwise.training.ConfusionMatrix;
import org.layerwise.training.OptimiserSettings;
import org.layerwise.training.TrainingListener;

class PredictionsJobTest {

    private static final Side ALONE = new Side("the model", null);

    @TempDir
    private Path folder;

    private Workbench workbench;
    private OpenModel model;

    @BeforeEach
    void open() {
        workbench = TinyStudy.workbench(folder.resolve("home"));
        model = TinyStudy.open(workbench);
    }

    @AfterEach
    void close() {
        model.close();
    }

    @Test
    void changesAreThoseOfMcNemarsTestAndOfTheTwoMatrices() {
        Path classes = TinyStudy.classes(folder);
        Side trained = new Side("run 1", train(classes, "run"));

        PredictionsJob.Result result = predict(trained, ALONE, classes);

        PredictedRows rows = result.rows();
        McNemar test = result.tests().get("accuracy").mcNemar();
        assertThat(rows.count(RowChange.FIXED)).isEqualTo(test.onlySecond()).isPositive();
        assertThat(rows.count(RowChange.BROKEN)).isEqualTo(test.onlyFirst());
        ConfusionMatrix matrix = result.measured().details().confusion();
        long right = 0;
        for (int k = 0; k < matrix.classes(); k++) {
            right += matrix.count(k, k);
        }
        assertThat(rows.count(RowChange.FIXED) + rows.count(RowChange.BOTH_RIGHT))
                .isEqualTo(right);
        assertThat(rows.rows()).filteredOn(PredictedRow::wrong).hasSize((int)
                (rows.rows().size() - right));
        PairedTest loss = result.tests().get("loss");
        assertThat(loss.difference())
                .isCloseTo(
                        result.measured().evaluation().loss()
                                - result.other().evaluation().loss(),
                        offset(1e-5));
        assertThat(rows.rows().stream()
                        .map(PredictedRow::prediction)
                        .mapToDouble(Prediction::error)
                        .average())
                .hasValueCloseTo(result.measured().evaluation().loss(), offset(1e-5));
    }

    @Test
    void filesHaveTheSameValues() throws IOException {
        Path classes = TinyStudy.classes(folder);
        PredictedRows rows = predict(new Side("run 1", train(classes, "run")), ALONE, classes)
                .rows();
        Path csv = folder.resolve("rows.csv");
        Path jsonl = folder.resolve("rows.jsonl");

        rows.writeCsv(csv);
        rows.writeJsonLines(jsonl);

        List<String> lines = Files.readAllLines(csv);
        assertThat(lines.get(0))
                .isEqualTo(
                        "row,text,label,predicted,probability,loss,other_predicted,other_probability,other_loss,change");
        assertThat(lines).hasSize(1 + rows.rows().size());
        JsonNode first = Json.parse(Files.readAllLines(jsonl).get(0));
        String[] cells = lines.get(1).split(",");
        assertThat(first.get("predicted").asText()).isEqualTo(cells[3]);
        assertThat(first.get("loss").doubleValue())
                .isEqualTo(Double.parseDouble(cells[5]))
                .isEqualTo(rows.rows().get(0).prediction().error());
        assertThat(first.get("change").asText()).isEqualTo(cells[9]);
    }

    @Test
    void numbersHaveErrorsButNoChanges() throws IOException {
        reopen("bert_regression");
        List<String> lines = new ArrayList<>();
        for (int row = 0; row < 6; row++) {
            lines.add("{\"input_ids\": [2, %s, %s, 3], \"labels\": %s}".formatted(10 + row, 40 - row, row / 7.0));
        }
        Path numbers = Files.write(folder.resolve("numbers.jsonl"), lines);
        PredictedRows rows = predict(ALONE, ALONE, numbers).rows();

        assertThat(rows.rows()).allSatisfy(row -> {
            assertThat(row.change()).isEmpty();
            assertThat(row.wrong()).isFalse();
            assertThat(row.prediction().error())
                    .isCloseTo(
                            Math.abs(Double.parseDouble(row.prediction().name()) - Double.parseDouble(row.label())),
                            offset(1e-6));
        });
        Path csv = folder.resolve("rows.csv");
        rows.writeCsv(csv);
        assertThat(Files.readAllLines(csv).get(0))
                .isEqualTo("row,text,label,predicted,error,other_predicted,other_error");
    }

    @Test
    void languageModelsHaveALossForEachRow() throws IOException {
        reopen("llama");
        PredictionsJob.Result result = predict(ALONE, null, TinyStudy.classes(folder));

        assertThat(result.rows().rows())
                .extracting(row -> row.prediction().error())
                .allMatch(Double::isFinite);
        Path jsonl = folder.resolve("rows.jsonl");
        result.rows().writeJsonLines(jsonl);
        assertThat(Json.parse(Files.readAllLines(jsonl).get(0)).fieldNames())
                .toIterable()
                .containsExactly("row", "text", "loss");
    }

    @Test
    void modelsOfOtherTasksAreRefused() {
        reopen("llama");
        Path classes = TinyStudy.classes(folder);
        Side classifier = new Side("run 1", train(classes, "run"));

        assertThatThrownBy(() -> predict(classifier, ALONE, classes))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "run 1 (classification) and the model (causal-lm) have other tasks, so their predictions cannot be compared; choose two with one task.");
    }

    private void reopen(String golden) {
        model.close();
        model = workbench.openModel(Golden.folder(golden).toString(), "cpu", Progress.none());
    }

    private PredictionsJob.Result predict(Side of, Side other, Path rows) {
        return new PredictionsJob(workbench, model, of, other, DataSettings.of(rows.toString())).run(Progress.none());
    }

    private Path train(Path rows, String out) {
        TrainingSettings settings = TrainingSettings.defaults().with(OptimiserSettings.EPOCHS, 3.0);
        new TrainingJob(workbench, model, DataSettings.of(rows.toString()).withBatch(4), settings, folder.resolve(out))
                .run(Progress.none(), TrainingListener.none());
        return folder.resolve(out).resolve("adapter");
    }
}
