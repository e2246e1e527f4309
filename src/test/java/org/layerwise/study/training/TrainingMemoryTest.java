package org.layerwise.study.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.json.Json;
import org.layerwise.lora.LoraSettings;
import org.layerwise.settings.AdapterSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.StartMode;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.testing.CancelledProgress;
import org.layerwise.training.Evaluation;
import org.layerwise.training.LearningRateScheduler;
import org.layerwise.training.OptimiserSettings;
import org.layerwise.training.StepRecord;
import org.layerwise.training.TrainingListener;

/** What is asked for to save memory or time is done, and told. */
class TrainingMemoryTest {

    private static final String KEPT = "The outputs of the layers below layer 2 are kept from epoch to epoch (40 KiB),"
            + " which saves about 33 % of the work of each later epoch; a run with --prefix-cache 0 goes without.";

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

    private static TrainingSettings settings(Double modelDropout, boolean checkpointing, int cache) {
        return unsaid(modelDropout)
                .with(RunSettings.GRADIENT_CHECKPOINTING, checkpointing)
                .with(RunSettings.PREFIX_CACHE, cache);
    }

    /** Settings that say nothing about the cache. */
    private static TrainingSettings unsaid(Double modelDropout) {
        return TrainingSettings.defaults()
                .with(AdapterSettings.DEFAULTS
                        .withLayers(new TreeSet<>(List.of(2, 3)))
                        .withRank(4, 8)
                        .with(LoraSettings.DROPOUT, 0.1))
                .with(OptimiserSettings.LEARNING_RATE, 0.001)
                .with(OptimiserSettings.SCHEDULER, LearningRateScheduler.CONSTANT)
                .with(OptimiserSettings.WARMUP_STEPS, 0)
                .with(OptimiserSettings.EPOCHS, 3.0)
                .with(OptimiserSettings.MODEL_DROPOUT, Optional.ofNullable(modelDropout))
                .with(RunSettings.CHECKPOINT_EVERY, 0);
    }

    /** What a run told. */
    private static final class Heard implements TrainingListener {
        private final List<Double> losses = new ArrayList<>();
        private final List<String> remarks = new ArrayList<>();

        @Override
        public void step(StepRecord step) {
            losses.add(step.loss());
        }

        @Override
        public void evaluated(int step, Evaluation evaluation) {
            throw new AssertionError("nothing is evaluated here");
        }

        @Override
        public void noted(String remark) {
            remarks.add(remark);
        }
    }

    private Heard train(String name, TrainingSettings settings) {
        return train(name, settings, StartMode.OVERWRITE, Integer.MAX_VALUE);
    }

    private Heard train(String name, TrainingSettings settings, StartMode start, int cancelledAfter) {
        Heard heard = new Heard();
        DataSettings data =
                DataSettings.of(TinyStudy.classes(folder).toString()).withBatch(4);
        Progress progress = CancelledProgress.when(() -> heard.losses.size() >= cancelledAfter);
        new TrainingJob(workbench, model, data, settings, folder.resolve(name), start, new PauseSwitch())
                .run(progress, heard);
        return heard;
    }

    private static List<Double> joined(Heard first, Heard second) {
        return Stream.of(first, second).flatMap(heard -> heard.losses.stream()).toList();
    }

    private List<String> names(String run) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(run))) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void lossesDoNotChange() throws IOException {
        Heard plain = train("plain", settings(0.0, false, 0));
        assertThat(plain.losses).hasSize(12);
        assertThat(plain.remarks).isEmpty();
        assertThat(train("checkpointing", settings(0.0, true, 0)).losses).isEqualTo(plain.losses);
        Heard cached = train("cached", settings(0.0, false, 1));
        assertThat(cached.remarks).containsExactly(KEPT);
        for (int i = 0; i < 12; i++) {
            assertThat(cached.losses.get(i)).isCloseTo(plain.losses.get(i), within(1e-6));
        }
        assertThat(names("cached")).isEqualTo(names("plain"));
    }

    @Test
    void aCacheThatCannotBeUsedIsTold() {
        assertThat(train("dropping", settings(null, false, 1)).remarks)
                .containsExactly(
                        "The prefix cache is not used, since the model's own dropout changes the layers from epoch"
                                + " to epoch (--model-dropout 0 turns it off).");
    }

    @Test
    void outputsOfFrozenLayersAreKeptWhereNothingIsSaid() {
        Heard kept = train("kept", unsaid(0.0));

        assertThat(kept.remarks).containsExactly(KEPT);
        assertThat(kept.losses).isEqualTo(train("asked", settings(0.0, false, 1)).losses);
        assertThat(train("dropping", unsaid(null)).remarks).isEmpty();
        assertThat(train("once", unsaid(0.0).with(OptimiserSettings.EPOCHS, 1.0)).remarks)
                .isEmpty();
    }

    @Test
    void aRunThatGoesOnKeepsThemAsItDid() {
        List<Double> kept = train("kept", unsaid(0.0)).losses;
        TrainingSettings resumable = unsaid(0.0).with(RunSettings.CHECKPOINT_EVERY, 6);
        Heard begun = train("half", resumable, StartMode.OVERWRITE, 6);
        Heard rest = train("half", resumable, StartMode.RESUME, Integer.MAX_VALUE);
        assertThat(joined(begun, rest)).isEqualTo(kept);

        // as a version without the default: neither flag nor key
        List<Double> plain = train("plain", settings(0.0, false, 0)).losses;
        begun = train("old", resumable.with(RunSettings.PREFIX_CACHE, 0), StartMode.OVERWRITE, 6);
        Path checkpoint = folder.resolve("old/checkpoints/step-6/checkpoint.json");
        ObjectNode json = (ObjectNode) Json.read(checkpoint);
        json.remove("prefix_cached");
        Json.write(checkpoint, json);
        rest = train("old", resumable, StartMode.RESUME, Integer.MAX_VALUE);
        assertThat(joined(begun, rest)).isEqualTo(plain);
        assertThat(rest.remarks).noneMatch(KEPT::equals);
    }

    /** Of at most 1,024 tokens at once, rows of 30 fill 1,020 if they are padded. */
    @Test
    void packedRowsFillAPiece() {
        DataSettings data = DataSettings.of(TinyStudy.classes(folder).toString())
                .withBatch(64)
                .withMaxLength(30);
        TrainingEstimate padded = TrainingMemory.before(model, data, unsaid(0.0), 64, Long.MAX_VALUE)
                .plain();
        TrainingEstimate packed = TrainingMemory.before(
                        model, data, unsaid(0.0).with(OptimiserSettings.PACKING, true), 64, Long.MAX_VALUE)
                .plain();
        assertThat((double) packed.activations() / padded.activations()).isCloseTo(1024 / 1020.0, within(1e-5));
    }
}
