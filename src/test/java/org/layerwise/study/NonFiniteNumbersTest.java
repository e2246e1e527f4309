package org.layerwise.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.gradient.GradientScores;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.adapter.MergeJob;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.AnalysisJob;
import org.layerwise.study.analysis.ExtractionJob;
import org.layerwise.study.evaluation.EvaluationJob;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.training.TrainingJob;
import org.layerwise.testing.Golden;
import org.layerwise.training.TrainingListener;

/** NaN and infinite numbers are named and refused, or leave layers undefined; what an adapter lacks is said. */
class NonFiniteNumbersTest {

    private static final String BROKEN = "bert.encoder.layer.2.attention.self.query.weight";

    @TempDir
    private Path folder;

    private Workbench workbench;
    private DataSettings rows;

    @BeforeEach
    void open() {
        workbench = TinyStudy.workbench(folder.resolve("home"));
        rows = DataSettings.of(TinyStudy.classes(folder).toString());
    }

    private OpenModel model;

    @AfterEach
    void close() {
        if (model != null) {
            model.close();
        }
    }

    private OpenModel open(Path from) {
        model = workbench.openModel(from.toString(), "cpu", Progress.none());
        return model;
    }

    /** A copy of the tiny BERT with one number replaced. */
    private Path broken(float number) throws IOException {
        return broken(BROKEN, number);
    }

    private Path broken(String tensor, float number) throws IOException {
        Path copy = Files.createDirectory(folder.resolve("broken"));
        try (Stream<Path> files = Files.list(Golden.folder("bert"))) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName().toString()));
            }
        }
        Path weights = copy.resolve("model.safetensors");
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(weights)).order(ByteOrder.LITTLE_ENDIAN);
        int header = Math.toIntExact(bytes.getLong(0));
        JsonNode entries = Json.parse(new String(bytes.array(), 8, header, StandardCharsets.UTF_8));
        bytes.putFloat(
                8 + header + entries.path(tensor).path("data_offsets").path(0).asInt(), number);
        Files.write(weights, bytes.array());
        return copy;
    }

    /** The golden adapter, changed. */
    private Path adapter(String name, boolean nan, boolean withClassifier) {
        PeftAdapter whole = PeftAdapter.read(Golden.folder("lora_bert").resolve("adapter_final"), workbench.engine());
        Map<String, PeftAdapter.HostTensor> tensors = new LinkedHashMap<>(whole.tensors());
        if (nan) {
            String first = tensors.keySet().stream()
                    .filter(tensor -> tensor.contains("lora_B"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
            float[] values = tensors.get(first).values().clone();
            values[3] = Float.NaN;
            tensors.put(
                    first, new PeftAdapter.HostTensor(values, tensors.get(first).shape()));
        }
        if (!withClassifier) {
            tensors.keySet().removeIf(tensor -> tensor.contains("classifier"));
        }
        Path out = folder.resolve(name);
        new PeftAdapter(
                        whole.origin(),
                        whole.config(),
                        whole.taskType(),
                        whole.modulesToSave(),
                        whole.base(),
                        tensors,
                        whole.host())
                .write(out);
        return out;
    }

    private static void assertRefused(ThrowingCallable work, String... said) {
        assertThatThrownBy(work).isInstanceOf(UserException.class).hasMessageContainingAll(said);
    }

    @Test
    void brokenWeightsAreNamedWithLayerAndRow() throws IOException {
        open(broken(Float.NaN));
        Path predictions = folder.resolve("predictions.jsonl");
        assertRefused(
                () -> new EvaluationJob(workbench, model, null, rows, null, predictions, null).run(Progress.none()),
                "Row 1 of classes",
                "gives NaN or infinite numbers from layer 2 on",
                BROKEN);
        Path out = folder.resolve("states.safetensors");
        assertRefused(
                () -> new ExtractionJob(workbench, model, rows, null).run(out, Progress.none()),
                "Row 1 of classes",
                "gives NaN or infinite numbers from layer 2 on",
                BROKEN);
        assertRefused(
                () -> new TrainingJob(workbench, model, rows, TrainingSettings.defaults(), folder.resolve("run"))
                        .run(Progress.none(), TrainingListener.none()),
                BROKEN);
        assertThat(predictions).doesNotExist();
        assertThat(out).doesNotExist();
    }

    @Test
    void mergingRefusesThem() throws IOException {
        Path base = broken(Float.NEGATIVE_INFINITY);
        Path out = folder.resolve("merged");
        Path adapter = Golden.folder("lora_bert").resolve("adapter_final");
        assertRefused(
                () -> new MergeJob(workbench, base, adapter, out, MergeJob.DEFAULT_SHARD_BYTES).run(Progress.none()),
                BROKEN);
        assertThat(out).doesNotExist();
    }

    @Test
    void analysesSayWhichLayersAreUndefinedAndWhy() throws IOException {
        open(broken(Float.NaN));
        Analysis analysis = new AnalysisJob(workbench, model, rows, AnalysisSettings.defaults())
                .run(Progress.none(), partial -> {});

        assertThat(analysis.remarks())
                .singleElement()
                .asString()
                .startsWith("Hidden state 3 is NaN or infinite for row 1 of classes")
                .contains("so the importance of layers 2, 3 is undefined, and the selection leaves them out");
        assertThat(analysis.importance().reason(2)).hasValueSatisfying(why -> assertThat(why)
                .contains("Hidden state 3 holds numbers that are not finite"));
        assertThat(analysis.proposed().layers()).containsExactly(1);
    }

    @Test
    void gradientsOfALossWithoutEndAreRefused() throws IOException {
        open(broken("classifier.bias", Float.NEGATIVE_INFINITY));
        AnalysisSettings settings = new AnalysisSettings(
                null,
                0.5,
                UndefinedLayers.EXCLUDE,
                "broken",
                List.of(GradientScores.FISHER),
                MeasureOptions.DEFAULTS,
                0,
                0,
                7);

        assertRefused(
                () -> new AnalysisJob(workbench, model, rows, settings).run(Progress.none(), partial -> {}),
                "The loss among rows 1 to",
                "of classes",
                "is no finite number");
    }

    @Test
    void brokenAdaptersAreNamed() {
        Path adapter = adapter("nan", true, true);
        open(Golden.folder("bert"));
        String tensor = "attention.output.dense.lora_B.weight";
        assertRefused(
                () -> new EvaluationJob(workbench, model, adapter, rows, null, null, null).run(Progress.none()),
                tensor,
                "holds NaN or infinite numbers");
        assertRefused(
                () -> new ExtractionJob(workbench, model, rows, null, adapter)
                        .run(folder.resolve("states.safetensors"), Progress.none()),
                tensor);
        assertRefused(
                () -> new MergeJob(
                                workbench,
                                Golden.folder("bert"),
                                adapter,
                                folder.resolve("merged"),
                                MergeJob.DEFAULT_SHARD_BYTES)
                        .run(Progress.none()),
                tensor);
    }

    @Test
    void anAdapterWithoutItsClassifierIsSaid() {
        Path adapter = adapter("headless", false, false);
        open(Golden.folder("bert"));
        Path out = folder.resolve("result.json");
        EvaluationJob.Result result =
                new EvaluationJob(workbench, model, adapter, rows, null, null, out).run(Progress.none());

        assertThat(result.remarks())
                .singleElement()
                .asString()
                .contains("lacks classifier.bias, classifier.weight, so that of ");
        assertThat(Json.read(out).path("remarks").path(0).asText())
                .isEqualTo(result.remarks().get(0));
        assertThat(new EvaluationJob(
                                workbench,
                                model,
                                Golden.folder("lora_bert").resolve("adapter_final"),
                                rows,
                                null,
                                null,
                                null)
                        .run(Progress.none())
                        .remarks())
                .isEmpty();
        assertThat(new MergeJob(
                                workbench,
                                Golden.folder("bert"),
                                adapter,
                                folder.resolve("merged"),
                                MergeJob.DEFAULT_SHARD_BYTES)
                        .run(Progress.none())
                        .remark())
                .isEqualTo(Optional.of(result.remarks().get(0)));
    }
}
