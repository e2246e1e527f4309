package org.layerwise.study.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;
import org.layerwise.settings.AdapterSettings;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.Loading;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.testing.PeakMemory;
import org.layerwise.testing.QuantizedLlama;
import org.layerwise.training.Evaluation;
import org.layerwise.training.LearningRateScheduler;
import org.layerwise.training.OptimiserSettings;
import org.layerwise.training.StepRecord;
import org.layerwise.training.TaskKind;
import org.layerwise.training.TrainingListener;

/**
 * A training in a process of its own that tells what its steps take of memory, as {@link PeakMemory}
 * measures it.
 */
final class MemoryChild {

    private static final String SAMPLE = "sample";
    private static final int LAYERS = 12;
    private static final int STEPS = 4;
    private static final int ROWS = 32;
    private static final int TOKENS = 128;
    private static final int WIDTH = 512;
    private static final int INNER = 1536;

    private MemoryChild() {}

    /** Bytes that are estimated and those that are measured. */
    record Bytes(long estimated, long measured) {}

    /** What is trained, and how. */
    record Kind(
            String model,
            int lowest,
            String variant,
            double dropout,
            boolean checkpointing,
            ComputeType type,
            Loading loading) {}

    private static TrainingSettings settings(Kind kind) {
        SortedSet<Integer> layers =
                new TreeSet<>(IntStream.range(kind.lowest(), LAYERS).boxed().toList());
        return TrainingSettings.defaults()
                .with(TrainingSettings.TASK, kind.model().equals(SAMPLE) ? TaskKind.CLASSIFICATION : TaskKind.CAUSAL_LM)
                .with(AdapterSettings.DEFAULTS
                        .withLayers(layers)
                        .withRank(8, 16)
                        .with(LoraSettings.VARIANT, LoraVariant.of(kind.variant())))
                .with(OptimiserSettings.LEARNING_RATE, 0.001)
                .with(OptimiserSettings.SCHEDULER, LearningRateScheduler.CONSTANT)
                .with(OptimiserSettings.WARMUP_STEPS, 0)
                .with(OptimiserSettings.STEPS, STEPS)
                .with(OptimiserSettings.MODEL_DROPOUT, Optional.of(kind.dropout()))
                .with(RunSettings.CHECKPOINT_EVERY, 0)
                .with(RunSettings.GRADIENT_CHECKPOINTING, kind.checkpointing());
    }

    /** Measures in a new process. */
    static Bytes of(Path folder, Kind kind) throws IOException, InterruptedException {
        Path data = folder.resolve("rows.jsonl");
        boolean sample = kind.model().equals(SAMPLE);
        Files.write(
                data, IntStream.range(0, ROWS).mapToObj(row -> row(row, sample)).toList());
        if (!sample) {
            Path model = Files.createDirectory(folder.resolve(kind.model()));
            if (kind.model().equals("nf4")) {
                QuantizedLlama.write(model, WIDTH, INNER, LAYERS);
            } else {
                QuantizedLlama.writePlain(model, WIDTH, INNER, LAYERS);
            }
        }
        long[] told = PeakMemory.measured(
                MemoryChild.class,
                "256m",
                List.of(
                        folder.toString(),
                        data.toString(),
                        kind.model(),
                        String.valueOf(kind.lowest()),
                        kind.variant(),
                        String.valueOf(kind.dropout()),
                        String.valueOf(kind.checkpointing()),
                        kind.type().name(),
                        kind.loading().name()));
        return new Bytes(told[0], told[1]);
    }

    private static String row(int number, boolean labelled) {
        int first = labelled ? 1000 : 3;
        int others = labelled ? 20_000 : 250;
        List<String> ids = IntStream.range(0, TOKENS)
                .mapToObj(i -> String.valueOf(first + (number * 131 + i * 17) % others))
                .toList();
        return "{\"input_ids\": [%s]%s}"
                .formatted(String.join(", ", ids), labelled ? ", \"labels\": " + number % 2 : "");
    }

    public static void main(String[] args) {
        Kind kind = new Kind(
                args[2],
                Integer.parseInt(args[3]),
                args[4],
                Double.parseDouble(args[5]),
                Boolean.parseBoolean(args[6]),
                ComputeType.valueOf(args[7]),
                Loading.valueOf(args[8]));
        String name = kind.model().equals(SAMPLE)
                ? SAMPLE
                : Path.of(args[0], kind.model()).toString();
        DataSettings data = DataSettings.of(args[1]).withBatch(8);
        try (Workbench workbench = TinyStudy.workbench(Path.of(args[0], "home"));
                OpenModel model = workbench.openModel(
                        new ModelSettings(name, "cpu", kind.type(), kind.loading()),
                        new PauseSwitch(),
                        Progress.none())) {
            TrainingEstimate estimate = TrainingMemory.before(model, data, settings(kind), ROWS, Long.MAX_VALUE)
                    .estimate();
            long estimated = estimate.activations() + estimate.made() + estimate.logits();
            Peak peak = new Peak();
            new TrainingJob(workbench, model, data, settings(kind), Path.of(args[0], "run")).run(Progress.none(), peak);
            System.out.println(estimated + " " + peak.measured);
        }
        System.exit(0); // native threads may live on
    }

    /** From the second step on, when everything is there that stays. */
    private static final class Peak implements TrainingListener {
        private @Nullable PeakMemory peak;
        private long measured;

        @Override
        public void step(StepRecord step) {
            try {
                if (step.step() == 2) {
                    peak = PeakMemory.start();
                } else if (peak != null && step.step() == STEPS) {
                    measured = peak.above();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void evaluated(int step, Evaluation evaluation) {
            throw new AssertionError("nothing is evaluated here");
        }
    }
}
