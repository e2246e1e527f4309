package org.layerwise.study.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.gradient.GradientScores;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.checkpoint.SafetensorsWriter;
import org.layerwise.data.DataFixtures;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.training.TrainingJob;
import org.layerwise.testing.Golden;
import org.layerwise.training.TrainingListener;

/** Classes that one file names and another numbers are never matched by the alphabet of the rows that were read. */
class NamedLabelsTest {

    @TempDir
    private Path folder;

    private OpenModel model;
    private Workbench workbench;
    private Path numbers;
    private Path names;

    @BeforeEach
    void open() throws IOException {
        workbench = TinyStudy.workbench(folder.resolve("home"));
        model = TinyStudy.open(workbench);
        numbers = TinyStudy.classes(folder);
        // in another order than the numbers
        names = Files.write(
                folder.resolve("names.jsonl"),
                Files.readAllLines(numbers).stream()
                        .map(line -> line.replaceAll("\"labels\":0", "\"labels\":\"no\"")
                                .replaceAll("\"labels\":1", "\"labels\":\"maybe\"")
                                .replaceAll("\"labels\":2", "\"labels\":\"yes\""))
                        .toList());
    }

    @AfterEach
    void close() {
        model.close();
    }

    @Test
    void heldOutRowsWithNamesDoNotMeasureATrainingOnNumbers() {
        DataSettings rows = DataSettings.of(numbers.toString()).withBatch(4);
        for (TrainingSettings settings : List.of(
                TrainingSettings.defaults().withHeldOut(names.toString(), null),
                TrainingSettings.defaults().withHeldOut(null, names.toString()))) {
            assertThatThrownBy(() -> new TrainingJob(workbench, model, rows, settings, folder.resolve("run"))
                            .run(Progress.none(), TrainingListener.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("names.jsonl");
        }
    }

    @Test
    void gradientsOfAnAdapterAreTakenByItsOwnNames() throws IOException {
        Path base = nameless();
        Path adapter = Files.createDirectory(folder.resolve("adapter"));
        for (String file : List.of("adapter_config.json", "adapter_model.safetensors")) {
            Files.copy(Golden.folder("lora_bert").resolve("adapter_final").resolve(file), adapter.resolve(file));
        }
        try (OpenModel other = workbench.openModel(base.toString(), "cpu", Progress.none())) {
            assertThatThrownBy(() -> fisher(other, names, adapter))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("names.jsonl are names, but the model's classes have none");

            Json.write(adapter.resolve("labels.json"), Json.tree(List.of("no", "maybe", "yes")));
            assertThat(fisher(other, names, adapter)).isEqualTo(fisher(other, numbers, adapter));
        }
    }

    /** The head has three outputs, and no row the fourth class. */
    @Test
    void gradientsOfAHeadWithoutNamesTakeTheNumbersOfAFileWithMoreNames() throws IOException {
        Path more = named("more.parquet", List.of("no", "maybe", "yes", "other"));
        try (OpenModel other = workbench.openModel(nameless().toString(), "cpu", Progress.none())) {
            assertThat(fisher(other, more, null)).isEqualTo(fisher(other, numbers, null));
        }
    }

    /** Names in the configuration of a checkpoint without a head are those of another task, as for a training. */
    @Test
    void gradientsOfANewHeadTakeNoLeftoverNames() throws IOException {
        Path three = named("three.parquet", List.of("no", "maybe", "yes"));
        try (OpenModel other = workbench.openModel(headless().toString(), "cpu", Progress.none())) {
            assertThat(fisher(other, three, null)).isEqualTo(fisher(other, numbers, null));
            Path turned = Files.writeString(
                    folder.resolve("turned.jsonl"),
                    Files.readString(names)
                            .replace("\"no\"", "\"a\"")
                            .replace("\"maybe\"", "\"b\"")
                            .replace("yes", "c"));
            assertThat(fisher(other, turned, null)).isEqualTo(fisher(other, numbers, null));
        }
    }

    /** The model without a head, and with names of two classes. */
    private Path headless() throws IOException {
        Path base = Files.createDirectory(folder.resolve("base"));
        try (SafetensorsFile file = SafetensorsFile.open(Golden.folder("bert").resolve("model.safetensors"))) {
            List<SafetensorsWriter.Named> body = file.names().stream()
                    .filter(name -> !name.startsWith("classifier."))
                    .map(name -> SafetensorsWriter.Named.of(
                            name, file.entry(name).type(), file.entry(name).shape(), file.bytes(name)))
                    .toList();
            SafetensorsWriter.write(base.resolve("model.safetensors"), body, Map.of());
        }
        ObjectNode config = (ObjectNode) Json.read(Golden.folder("bert").resolve("config.json"));
        config.set("id2label", Json.tree(Map.of("0", "NEGATIVE", "1", "POSITIVE")));
        Json.write(base.resolve("config.json"), config);
        return base;
    }

    private Path named(String file, List<String> classes) {
        String query =
                "SELECT input_ids, token_type_ids, labels::BIGINT AS labels FROM read_json('%s')".formatted(numbers);
        return DataFixtures.parquet(folder, file, query, "labels", classes);
    }

    /** The model without names of classes, as bert-base has none. */
    private Path nameless() throws IOException {
        Path base = Files.createDirectory(folder.resolve("base"));
        Files.copy(Golden.folder("bert").resolve("model.safetensors"), base.resolve("model.safetensors"));
        ObjectNode config = (ObjectNode) Json.read(Golden.folder("bert").resolve("config.json"));
        config.remove(List.of("id2label", "label2id"));
        Json.write(base.resolve("config.json"), config);
        return base;
    }

    private LayerImportance fisher(OpenModel opened, Path rows, Path adapter) {
        AnalysisSettings settings = new AnalysisSettings(
                null,
                0.5,
                UndefinedLayers.EXCLUDE,
                null,
                List.of(GradientScores.FISHER),
                MeasureOptions.DEFAULTS,
                0,
                0,
                7);
        return new AnalysisJob(workbench, opened, DataSettings.of(rows.toString()), settings, adapter)
                .run(Progress.none(), partial -> {})
                .importance();
    }
}
