package org.layerwise.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.data.Labels;
import org.layerwise.data.TokenRow;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.PlainLora;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.TargetModules;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
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
 * Steps of LoRA of rank 8 on all linear maps of a decoder, padded and packed in turn, on rows of uniformly drawn lengths.
 * Arguments: {@code MODEL DTYPE ROWS SHORTEST LONGEST ROUNDS}. Prints the medians of both and their ratio, of the time that
 * passed and of the time of the processor, which other processes disturb less.
 */
public final class PackingTime {

    private PackingTime() {}

    public static void main(String[] arguments) {
        DType type = arguments[1].equals("bf16") ? DType.BF16 : DType.F32;
        int rows = Integer.parseInt(arguments[2]);
        int rounds = Integer.parseInt(arguments[5]);
        TensorEngine engine = TensorEngine.start();
        ModelBlueprint blueprint = ModelBlueprint.read(engine, Checkpoint.open(Path.of(arguments[0])));
        try (TransformerModel base = TransformerModel.load(engine, blueprint, Device.CPU, type, Progress.none())) {
            TokenizedDataset data = rows(rows, Integer.parseInt(arguments[3]), Integer.parseInt(arguments[4]));
            List<Time> padded = new ArrayList<>();
            List<Time> packed = new ArrayList<>();
            step(base, data, false, true);
            step(base, data, true, true);
            for (int round = 0; round < rounds; round++) {
                padded.add(step(base, data, false, false));
                packed.add(step(base, data, true, false));
            }
            print("time", padded, packed, Time::passed);
            print("time of the processor", padded, packed, Time::ofProcessor);
        }
    }

    /** Milliseconds of a step. */
    private record Time(double passed, double ofProcessor) {}

    private static void print(String what, List<Time> padded, List<Time> packed, ToDoubleFunction<Time> of) {
        double without = median(padded, of);
        double with = median(packed, of);
        System.out.printf(
                Locale.ROOT,
                "%s: padded %.0f ms, packed %.0f ms, packed / padded %.2f%n",
                what,
                without,
                with,
                with / without);
    }

    private static double median(List<Time> times, ToDoubleFunction<Time> of) {
        double[] sorted = times.stream().mapToDouble(of).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private static TokenizedDataset rows(int count, int shortest, int longest) {
        Random random = new Random(1);
        long[][] ids = new long[count][];
        List<TokenRow> rows = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            ids[row] = random.longs(random.nextInt(shortest, longest + 1), 1000, 8000)
                    .toArray();
            rows.add(new TokenRow(ids[row], null));
        }
        return new TokenizedDataset("random", rows, new Labels.TokenLabels(ids), 0, longest);
    }

    /** Takes one step with new adapters. */
    private static Time step(TransformerModel base, TokenizedDataset data, boolean packed, boolean told) {
        TrainerSettings settings = new TrainerSettings(
                SettingValues.none().with(OptimiserSettings.MAX_GRAD_NORM, 1.0),
                new TrainerSettings.Schedule(
                        LearningRateScheduler.CONSTANT, 0, 1, LearningRateScheduler.Shape.DEFAULTS),
                new TrainerSettings.Grouping(data.size(), 1, false, packed),
                0,
                ModelConfig.Dropout.NONE,
                TrainerSettings.Memory.DEFAULTS,
                1);
        List<Integer> layers =
                IntStream.range(0, base.config().layers()).boxed().toList();
        Heard heard = new Heard(told);
        try (AdaptedModel model = AdaptedModel.languageModel(
                base, PlainLora.config(8, 16, 0, List.of(TargetModules.ALL_LINEAR), layers), 1)) {
            double before = processorTime();
            new Trainer(
                            model,
                            data,
                            new Objective.NextTokens((Labels.TokenLabels) data.labels()),
                            settings,
                            Path.of(System.getProperty("java.io.tmpdir")))
                    .train(null, new PauseSwitch(), Progress.none(), heard, new EpochListener(step -> {}));
            return new Time(heard.milliseconds, processorTime() - before);
        }
    }

    private static double processorTime() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .orElseThrow()
                .toNanos() / 1e6;
    }

    private static final class Heard implements TrainingListener {

        private final boolean told;
        private double milliseconds;

        Heard(boolean told) {
            this.told = told;
        }

        @Override
        public void step(StepRecord step) {
            milliseconds = 1e3 * step.seconds();
        }

        @Override
        public void evaluated(int step, Evaluation evaluation) {
            throw new IllegalStateException("nothing is evaluated here");
        }

        @Override
        public void noted(String remark) {
            if (told) {
                System.out.println(remark);
            }
        }
    }
}
