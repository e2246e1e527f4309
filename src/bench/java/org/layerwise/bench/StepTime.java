package org.layerwise.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.data.Labels;
import org.layerwise.data.TokenRow;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.LoraConfig;
import org.layerwise.lora.PlainLora;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.TargetModules;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.training.EpochListener;
import org.layerwise.training.Evaluation;
import org.layerwise.training.LearningRateScheduler;
import org.layerwise.training.Objective;
import org.layerwise.training.OptimiserSettings;
import org.layerwise.training.StepRecord;
import org.layerwise.training.Trainer;
import org.layerwise.training.TrainerSettings;
import org.layerwise.training.TrainingListener;

/**
 * Our side of {@code src/bench/python/step.py}: steps of LoRA of rank 8 on all linear maps of layers, one for each line of the
 * input. Arguments: {@code MODEL DTYPE LOWEST ROWS TOKENS CACHE [DEVICE]}; adapters are on layer LOWEST and all above, and with
 * {@code true} for CACHE the layers below are computed once. DEVICE is the processor without it; a card needs the system properties
 * of {@link Engines}. Prints the milliseconds of each step and, at the end, the largest resident memory in MiB.
 */
public final class StepTime {

    /** Batches of an epoch: few, so that a prefix cache is filled before the steps that count. */
    private static final int BATCHES = 2;

    private static final int STEPS = 1000;
    private static final long CACHE_BYTES = 1L << 30;

    private StepTime() {}

    public static void main(String[] arguments) throws IOException {
        DType type = arguments[1].equals("bf16") ? DType.BF16 : DType.F32;
        int lowest = Integer.parseInt(arguments[2]);
        int rows = Integer.parseInt(arguments[3]);
        int tokens = Integer.parseInt(arguments[4]);
        long cache = Boolean.parseBoolean(arguments[5]) ? CACHE_BYTES : 0;
        TensorEngine engine = Engines.shared();
        Device device = engine.device(arguments.length > 6 ? arguments[6] : Device.CPU.id());
        ModelBlueprint blueprint = ModelBlueprint.read(engine, Checkpoint.open(Path.of(arguments[0])));
        try (TransformerModel base =
                        TransformerModel.load(engine, blueprint, device, type, Progress.none());
                AdaptedModel model = adapted(base, lowest)) {
            TokenizedDataset data = rows(base, rows * BATCHES, tokens);
            train(model, data, rows, cache);
        }
    }

    private static AdaptedModel adapted(TransformerModel base, int lowest) {
        List<Integer> layers =
                IntStream.range(lowest, base.config().layers()).boxed().toList();
        LoraConfig config = PlainLora.config(8, 16, 0, List.of(TargetModules.ALL_LINEAR), layers);
        return base.config().direction() == ModelConfig.Direction.CAUSAL
                ? AdaptedModel.languageModel(base, config, 1)
                : AdaptedModel.classifier(base, config, 2, 1);
    }

    private static TokenizedDataset rows(TransformerModel base, int count, int tokens) {
        Random random = new Random(1);
        List<TokenRow> rows = new ArrayList<>();
        long[][] labels = new long[count][];
        int[] classes = new int[count];
        for (int row = 0; row < count; row++) {
            labels[row] = random.longs(tokens, 1000, 8000).toArray();
            classes[row] = row % 2;
            rows.add(new TokenRow(labels[row], null));
        }
        Labels own = base.config().direction() == ModelConfig.Direction.CAUSAL
                ? new Labels.TokenLabels(labels)
                : new Labels.Classes(classes, List.of());
        return new TokenizedDataset("random", rows, own, 0, tokens);
    }

    private static void train(AdaptedModel model, TokenizedDataset data, int rows, long cache) {
        TrainerSettings settings = new TrainerSettings(
                SettingValues.none()
                        .with(OptimiserSettings.LEARNING_RATE, 1e-3)
                        .with(OptimiserSettings.WEIGHT_DECAY, 0.01)
                        .with(OptimiserSettings.MAX_GRAD_NORM, 1.0),
                new TrainerSettings.Schedule(
                        LearningRateScheduler.CONSTANT, 0, STEPS, LearningRateScheduler.Shape.DEFAULTS),
                new TrainerSettings.Grouping(rows, 1, false),
                0,
                ModelConfig.Dropout.NONE,
                new TrainerSettings.Memory(false, cache),
                STEPS / BATCHES);
        Objective objective = data.labels() instanceof Labels.TokenLabels tokens
                ? new Objective.NextTokens(tokens)
                : new Objective.Classification((Labels.Classes) data.labels(), 2);
        Turns turns = new Turns(model);
        turns.input.await();
        new Trainer(model, data, objective, settings, Path.of(System.getProperty("java.io.tmpdir")))
                .train(null, new PauseSwitch(), Progress.none(), turns, new EpochListener(step -> {}));
    }

    /** Steps that wait for a line of the input; the end of the input ends the process. */
    private static final class Turns implements TrainingListener {

        private final TurnInput input = new TurnInput();
        private final AdaptedModel model;

        private Turns(AdaptedModel model) {
            this.model = model;
        }

        @Override
        public void step(StepRecord step) {
            awaitUpdate();
            input.printTime();
            input.await();
        }

        // a card still updates when the loss is known; it works in order, so the first element of one tensor is enough
        private void awaitUpdate() {
            try (Scope scope = model.base().engine().inference()) {
                model.parameters().get(0).value().reshape(-1).select(0, 0).item();
            }
        }

        @Override
        public void evaluated(int step, Evaluation evaluation) {
            throw new IllegalStateException("nothing is evaluated here");
        }
    }
}
