package org.layerwise.study.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.data.DataFixtures;
import org.layerwise.run.RowsIdentity;
import org.layerwise.run.TrainingSummary;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.evaluation.EvaluationJob;
import org.layerwise.study.model.ModelListener;
import org.layerwise.study.model.OpenModel;
import org.layerwise.testing.Golden;
import org.layerwise.training.Evaluation;
import org.layerwise.training.OptimiserSettings;
import org.layerwise.training.TrainingListener;

/** A Parquet file that names its class numbers, and heads that name theirs in another order or not at all. */
class FileClassNamesTest {

    private static final List<String> HEAD = List.of("CONTRADICTION", "NEUTRAL", "ENTAILMENT");
    private static final List<String> TURNED = List.of("entailment", "neutral", "contradiction");

    @TempDir
    private Path folder;

    private Workbench workbench;
    private OpenModel model;
    private Path numbers;

    @BeforeEach
    void open() {
        workbench = TinyStudy.workbench(folder.resolve("home"));
        model = TinyStudy.open(workbench);
        numbers = TinyStudy.classes(folder);
    }

    @AfterEach
    void close() {
        model.close();
    }

    @Test
    void classesAreMatchedByTheNamesOfFileAndHead() throws IOException {
        Path turned = parquet("turned.parquet", "2 - labels", TURNED);
        try (OpenModel named = workbench.openModel(named().toString(), "cpu", Progress.none())) {
            assertThat(evaluate(named, turned, null)).isEqualTo(evaluate(named, numbers, null));
        }
    }

    @Test
    void aHeadWithPlaceholdersKeepsTheNumbersAndGetsTheNames() {
        Path same = parquet("same.parquet", "labels", TURNED);

        assertThat(evaluate(model, same, null)).isEqualTo(evaluate(model, numbers, null));
        assertThat(train(numbers, "plain").finalLoss())
                .isEqualTo(train(same, "named").finalLoss());
        assertThat(Json.read(adapter("named").resolve("labels.json"))).isEqualTo(Json.tree(TURNED));
        assertThat(adapter("plain").resolve("labels.json")).doesNotExist();
        // an adapter of earlier versions, which did not know the names
        assertThat(evaluate(model, same, adapter("plain"))).isEqualTo(evaluate(model, numbers, adapter("plain")));
        Path turned = parquet("turned.parquet", "2 - labels", List.of("contradiction", "neutral", "entailment"));
        assertThat(evaluate(model, turned, adapter("named"))).isEqualTo(evaluate(model, same, adapter("named")));
    }

    /** The head has three outputs. */
    @ParameterizedTest
    @CsvSource({"labels,a;b;c;d,3 - labels,d;c;b;a,a;b;c", "labels % 2,a;b,1 - labels % 2,b;a,a;b;LABEL_2"})
    void namesOfMoreOrFewerClassesAreKeptForTheOutputs(
            String label, String names, String turnedLabel, String turnedNames, String kept) {
        Path rows = parquet("rows.parquet", label, List.of(names.split(";")));
        Path turned = parquet("turned.parquet", turnedLabel, List.of(turnedNames.split(";")));
        Path other =
                parquet("other.parquet", label, List.of(names.replace("b", "x").split(";")));
        List<String> remarks = new ArrayList<>();

        try (OpenModel open = workbench.openModel(
                ModelSettings.of(TinyStudy.MODEL).onDevice("cpu"),
                new PauseSwitch(),
                new ModelListener() {
                    @Override
                    public void noted(String remark) {
                        remarks.add(remark);
                    }
                },
                Progress.none())) {
            train(open, rows, "named");
        }

        assertThat(remarks)
                .containsExactly(
                        "%s names %s classes (%s), but the model's head has 3 outputs; the classes are taken by number."
                                .formatted(rows, names.split(";").length, names.replace(";", ", ")));
        Path adapter = adapter("named");
        assertThat(Json.read(adapter.resolve("labels.json"))).isEqualTo(Json.tree(kept.split(";")));
        assertThat(evaluate(model, turned, adapter)).isEqualTo(evaluate(model, rows, adapter));
        assertThatThrownBy(() -> evaluate(model, other, adapter))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("Label \"x\"")
                .hasMessageContaining("is not one of the known classes " + kept.replace(";", ", "));
    }

    @Test
    void anAdapterWithMoreNamesThanOutputsIsRefused() {
        train(numbers, "plain");
        Json.write(adapter("plain").resolve("labels.json"), Json.tree(List.of("a", "b", "c", "d")));

        assertThatThrownBy(() -> evaluate(model, numbers, adapter("plain")))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "%s names 4 classes, but the adapter's head has 3 outputs; mend it, or delete it to use class numbers.",
                        adapter("plain").resolve("labels.json"));
    }

    /** A run of an earlier version, which did not know the names, still belongs to its rows. */
    @Test
    void namesDoNotChangeTheIdentityOfTheRows() {
        assertThat(identity(parquet("same.parquet", "labels", TURNED))).isEqualTo(identity(numbers));
    }

    private RowsIdentity identity(Path rows) {
        DataSettings data = DataSettings.of(rows.toString());
        try (TrainingInputs inputs =
                TrainingInputs.read(workbench, model, data, TrainingSettings.defaults(), Progress.none())) {
            return inputs.identity().rows();
        }
    }

    private Path adapter(String run) {
        return folder.resolve(run).resolve("adapter");
    }

    private TrainingSummary train(Path rows, String out) {
        return train(model, rows, out);
    }

    private TrainingSummary train(OpenModel open, Path rows, String out) {
        TrainingSettings settings = TrainingSettings.defaults().with(OptimiserSettings.EPOCHS, 1.0);
        return new TrainingJob(
                        workbench, open, DataSettings.of(rows.toString()).withBatch(4), settings, folder.resolve(out))
                .run(Progress.none(), TrainingListener.none());
    }

    private Evaluation evaluate(OpenModel open, Path rows, Path adapter) {
        return new EvaluationJob(workbench, open, adapter, DataSettings.of(rows.toString()), null, null, null)
                .run(Progress.none())
                .evaluation();
    }

    private Path parquet(String name, String label, List<String> names) {
        String query = "SELECT input_ids, token_type_ids, (%s)::BIGINT AS labels FROM read_json('%s')"
                .formatted(label, numbers);
        return DataFixtures.parquet(folder, name, query, "labels", names);
    }

    private Path named() throws IOException {
        Path named = Files.createDirectory(folder.resolve("model"));
        Files.copy(Golden.folder("bert").resolve("model.safetensors"), named.resolve("model.safetensors"));
        ObjectNode config = (ObjectNode) Json.read(Golden.folder("bert").resolve("config.json"));
        config.set("id2label", Json.tree(Map.of("0", HEAD.get(0), "1", HEAD.get(1), "2", HEAD.get(2))));
        Json.write(named.resolve("config.json"), config);
        return named;
    }
}
