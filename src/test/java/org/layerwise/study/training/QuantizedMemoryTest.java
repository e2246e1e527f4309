package org.layerwise.study.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.Loading;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.testing.Golden;
import org.layerwise.testing.PeakMemory;
import org.layerwise.testing.QuantizedLlama;
import org.layerwise.training.OptimiserSettings;
import org.layerwise.training.TaskKind;
import org.layerwise.training.TrainingListener;

/** A training on quantised weights never holds all of them decoded, in memory or in a graph. */
class QuantizedMemoryTest {

    private static final int WIDTH = 768;
    private static final int INNER = 2048;
    private static final int LAYERS = 24;

    @TempDir
    private Path folder;

    @Test
    @EnabledOnOs(OS.LINUX)
    void aTrainingOfAllLayersTakesFarLessThanItsDecodedWeights() throws Exception {
        Path model = Files.createDirectories(folder.resolve("model"));
        long values = QuantizedLlama.write(model, WIDTH, INNER, LAYERS);
        List<String> rows = new ArrayList<>();
        for (int row = 0; row < 4; row++) {
            rows.add("{\"input_ids\": [3, %s, 5, 6, 7, 8, 9, 10]}".formatted(20 + row));
        }
        Path data = Files.write(folder.resolve("rows.jsonl"), rows);

        long[] told =
                PeakMemory.measured(Child.class, "128m", List.of(folder.toString(), model.toString(), data.toString()));

        long decoded = values * Float.BYTES;
        assertThat(told[0]).isBetween(values / 2, decoded / 2);
    }

    /** Also in the form, before any row is read. */
    @ParameterizedTest
    @CsvSource({"quantised/bnb_nf4, WHOLE, true", "llama, LAYERS, true", "llama, WHOLE, false"})
    void theEstimateKnowsThatLayersAreComputedAgain(String fixture, Loading loading, boolean again) throws IOException {
        Path data = Files.write(folder.resolve("rows.jsonl"), List.of("{\"input_ids\": [3, 4, 5]}"));
        ModelSettings settings = new ModelSettings(Golden.folder(fixture).toString(), "cpu", ComputeType.F32, loading);
        try (Workbench workbench = TinyStudy.workbench(folder.resolve("home"));
                OpenModel model = workbench.openModel(settings, new PauseSwitch(), Progress.none())) {
            TrainingMemory needs = TrainingMemory.before(
                    model, DataSettings.of(data.toString()), TrainingSettings.defaults(), 8, Long.MAX_VALUE);

            assertThat(needs.memory().checkpointing()).isEqualTo(again);
        }
    }

    /** The training in a process of its own; prints how far the memory rose from before the opening of the model. */
    static final class Child {

        private Child() {}

        public static void main(String[] args) throws IOException {
            DataSettings data = DataSettings.of(args[2]).withBatch(2);
            TrainingSettings settings = TrainingSettings.defaults()
                    .with(TrainingSettings.TASK, TaskKind.CAUSAL_LM)
                    .with(OptimiserSettings.STEPS, 3)
                    .with(RunSettings.CHECKPOINT_EVERY, 0);
            try (Workbench workbench = TinyStudy.workbench(Path.of(args[0], "home"))) {
                workbench.engine();
                PeakMemory peak = PeakMemory.start();
                try (OpenModel model = workbench.openModel(args[1], "cpu", Progress.none())) {
                    new TrainingJob(workbench, model, data, settings, Path.of(args[0], "run"))
                            .run(Progress.none(), TrainingListener.none());
                    System.out.println(peak.above() + " 0");
                }
            }
            System.exit(0); // native threads may live on
        }
    }
}
