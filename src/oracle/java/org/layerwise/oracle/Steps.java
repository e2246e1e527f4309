package org.layerwise.oracle;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.data.Labels;
import org.layerwise.data.TokenRow;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.training.Evaluation;
import org.layerwise.training.Objective;
import org.layerwise.training.OptimiserSettings;
import org.layerwise.training.LearningRateScheduler;
import org.layerwise.training.StepRecord;
import org.layerwise.training.Trainer;
import org.layerwise.training.TrainerCallback;
import org.layerwise.training.TrainerSettings;
import org.layerwise.training.TrainerState;
import org.layerwise.training.TrainingListener;

/**
 * Takes training steps on command, so that they can be timed in turn with PEFT's: {@code Steps MODEL ADAPTER INPUT STEPS}. The
 * input holds {@code input_ids} {@code [batch, sequence]} and {@code labels} {@code [batch]}, all of which are each step's batch.
 * It prints the number of threads, then for each line that it reads the loss and the milliseconds of a step.
 */
public final class Steps {

    private static final double LEARNING_RATE = 1e-3;
    private static final double WEIGHT_DECAY = 0.01;

    private Steps() {}

    /** Ends with 1 and a sentence if something does not fit. */
    public static void main(String[] args) throws IOException {
        try {
            TensorEngine engine = TensorEngine.start();
            TokenizedDataset data = data(Path.of(args[2]));
            try (TransformerModel base =
                            TransformerModel.load(engine, Checkpoint.open(Path.of(args[0])), Device.CPU, Progress.none());
                    AdaptedModel model = AdaptedModel.load(base, PeftAdapter.read(Path.of(args[1]), engine), 0)) {
                System.out.println(engine.threads());
                take(model, data, Integer.parseInt(args[3]));
            }
        } catch (UserException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static TokenizedDataset data(Path file) {
        try (SafetensorsFile input = SafetensorsFile.open(file)) {
            long[] shape = input.entry("input_ids").shape();
            int length = (int) shape[1];
            long[] ids = whole(input, "input_ids");
            List<TokenRow> rows = new ArrayList<>();
            for (int row = 0; row < shape[0]; row++) {
                rows.add(new TokenRow(Arrays.copyOfRange(ids, row * length, (row + 1) * length), null));
            }
            int[] labels =
                    Arrays.stream(whole(input, "labels")).mapToInt(Math::toIntExact).toArray();
            return new TokenizedDataset("batch", rows, new Labels.Classes(labels, List.of()), 0, length);
        }
    }

    private static long[] whole(SafetensorsFile input, String name) {
        ByteBuffer bytes = input.bytes(name);
        long[] values = new long[(int) input.entry(name).elements()];
        bytes.asLongBuffer().get(values);
        return values;
    }

    private static void take(AdaptedModel model, TokenizedDataset data, int steps) throws IOException {
        TrainerSettings settings = new TrainerSettings(
                SettingValues.none()
                        .with(OptimiserSettings.LEARNING_RATE, LEARNING_RATE)
                        .with(OptimiserSettings.WEIGHT_DECAY, WEIGHT_DECAY)
                        .with(OptimiserSettings.MAX_GRAD_NORM, 1.0),
                new TrainerSettings.Schedule(
                        LearningRateScheduler.CONSTANT, 0, steps, LearningRateScheduler.Shape.DEFAULTS),
                new TrainerSettings.Grouping(data.size(), 1, false),
                0,
                ModelConfig.Dropout.NONE,
                TrainerSettings.Memory.DEFAULTS,
                42);
        Objective objective = new Objective.Classification(
                (Labels.Classes) data.labels(), model.labels().orElseThrow());
        try (BufferedReader commands =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            Turns turns = new Turns(commands);
            turns.await();
            new Trainer(model, data, objective, settings, Path.of(System.getProperty("java.io.tmpdir")))
                    .train(null, new PauseSwitch(), Progress.none(), turns, new NothingBetween());
        }
    }

    /** Does nothing between the steps. */
    private static final class NothingBetween implements TrainerCallback {

        @Override
        public boolean after(Place place, Supplier<TrainerState> state) {
            return true;
        }

        @Override
        public void cancelled(Supplier<TrainerState> state) {
            // nobody goes on with these steps
        }

        @Override
        public Optional<Path> lastCheckpoint() {
            return Optional.empty();
        }
    }

    /** Tells of each step and waits for the next command. */
    private static final class Turns implements TrainingListener {

        private final BufferedReader commands;
        private long start;

        Turns(BufferedReader commands) {
            this.commands = commands;
        }

        void await() {
            try {
                commands.readLine();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            start = System.nanoTime();
        }

        @Override
        public void step(StepRecord step) {
            double milliseconds = (System.nanoTime() - start) / 1e6;
            System.out.println(step.loss() + " " + milliseconds);
            if (step.step() < step.totalSteps()) {
                await();
            }
        }

        @Override
        public void evaluated(int step, Evaluation evaluation) {
            throw new IllegalStateException("nothing is evaluated here");
        }
    }
}
