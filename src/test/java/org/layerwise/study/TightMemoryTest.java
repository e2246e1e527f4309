package org.layerwise.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.data.token.TokenizerCheck;
import org.layerwise.generation.GenerationSettings;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.Loading;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.evaluation.EvaluationJob;
import org.layerwise.study.evaluation.GenerationJob;
import org.layerwise.study.model.MemoryNeed;
import org.layerwise.study.model.ModelListener;
import org.layerwise.study.model.ModelUse;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.training.TrainingJob;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.testing.ChangedFile;
import org.layerwise.testing.Golden;
import org.layerwise.training.TaskKind;
import org.layerwise.training.TrainingListener;

/** Where memory is short, weights stay in their files: nothing is reported that was computed while these changed. */
class TightMemoryTest {

    @TempDir
    private Path folder;

    private Workbench workbench;

    @BeforeEach
    void open() throws IOException {
        workbench = TinyStudy.workbench(folder.resolve("home"));
        copy("bert", folder);
    }

    private static void copy(String golden, Path to) throws IOException {
        for (String name : new String[] {"config.json", "model.safetensors"}) {
            Files.copy(Golden.folder(golden).resolve(name), to.resolve(name));
        }
    }

    @AfterEach
    void close() {
        workbench.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"WHOLE", "LAYERS"})
    void computesTheSameAndRefusesWeightsThatChange(Loading loading) {
        Path file = folder.resolve("model.safetensors");
        try (OpenModel ample = model(folder, loading, Long.MAX_VALUE);
                OpenModel tight = model(folder, loading, 1)) {
            TokenizedDataset rows = TinyStudy.tokens(
                    workbench, ample, DataSettings.of(TinyStudy.classes(folder).toString()));
            Representations expected = ample.represent(rows, Position.FIRST, Progress.none());
            Representations actual = tight.represent(rows, Position.FIRST, Progress.none());
            for (int state = 0; state <= ample.card().layers(); state++) {
                assertThat(actual.layers().get(state).values())
                        .isEqualTo(expected.layers().get(state).values());
            }

            Progress changes = ChangedFile.overwritesEnd(file, 0);
            assertThatThrownBy(() -> tight.represent(rows, Position.FIRST, changes))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining(file + " was changed or replaced");
        }
    }

    /** What uses the whole model. */
    private enum Work {
        EVALUATION,
        GENERATION,
        TRAINING;

        void run(Workbench workbench, OpenModel model, DataSettings rows, Path out, Progress progress) {
            switch (this) {
                case EVALUATION ->
                    new EvaluationJob(workbench, model, null, rows, TaskKind.CAUSAL_LM, null, out).run(progress);
                case GENERATION ->
                    new GenerationJob(
                                    workbench,
                                    model,
                                    null,
                                    new GenerationJob.Source.Rows(rows),
                                    GenerationSettings.greedy(2))
                            .run(out, progress);
                case TRAINING ->
                    new TrainingJob(
                                    workbench,
                                    model,
                                    rows,
                                    TrainingSettings.defaults().with(TrainingSettings.TASK, TaskKind.CAUSAL_LM),
                                    out)
                            .run(progress, TrainingListener.none());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void writesNoResultsOfWeightsThatChange(Work work) throws IOException {
        Path llama = Files.createDirectory(folder.resolve("llama"));
        copy("llama", llama);
        DataSettings rows = DataSettings.of(Files.writeString(
                        folder.resolve("rows.jsonl"), "{\"input_ids\": [5, 6, 7, 8]}\n{\"input_ids\": [9, 8, 7]}\n")
                .toString());
        Path file = llama.resolve("model.safetensors");
        Path out = folder.resolve("out");
        try (OpenModel tight = model(llama, Loading.WHOLE, 1)) {
            Progress changes = ChangedFile.overwritesEnd(file, 0.09);
            assertThatThrownBy(() -> work.run(workbench, tight, rows, out, changes))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining(file + " was changed or replaced");
        }
        assertThat(out.resolve("adapter")).doesNotExist();
        assertThat(Files.isRegularFile(out)).as("a result").isFalse();
    }

    /** Only the 16-bit weights fit: those in float32 stay in their files. */
    @Test
    void sixteenBitsWithAnAdapterAreMeasuredWithoutRoomForFloat32() {
        Path adapter = Golden.folder("lora_bert").resolve("adapter_final");
        try (OpenModel half = model(folder, DType.BF16, Loading.WHOLE, Long.MAX_VALUE);
                OpenModel exact = model(folder, Loading.AUTO, 1000)) {
            TokenizedDataset rows = TinyStudy.tokens(
                    workbench, half, DataSettings.of(TinyStudy.classes(folder).toString()));
            Representations sixteen = half.represent(rows, Position.FIRST, Progress.none());

            for (Path of : new Path[] {adapter, null}) {
                assertThat(new PrecisionStep(workbench, half, AnalysisSettings.defaults(), of)
                                .compare(exact, rows, sixteen, Position.FIRST, Progress.none()))
                        .contains("against float32 on the first 16 rows");
            }
        }
    }

    private OpenModel model(Path model, Loading loading, long available) {
        return model(model, DType.F32, loading, available);
    }

    private OpenModel model(Path model, DType type, Loading loading, long available) {
        ModelBlueprint blueprint = ModelBlueprint.read(workbench.engine(), Checkpoint.open(model));
        return new OpenModel(
                ModelSettings.of(model.toString()),
                workbench.engine(),
                blueprint,
                Device.CPU,
                type,
                MemoryNeed.of(blueprint.bytes(type), blueprint.largestPartBytes(type), available, loading),
                ModelUse.ANY,
                new TokenizerCheck(folder.resolve("cache")),
                Optional.empty(),
                ModelListener.none(),
                Progress.none());
    }
}
