package org.layerwise.bench;

import org.layerwise.base.file.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.extraction.RepresentationExtractor;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.base.Progress;
import org.layerwise.data.batch.Batches;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.TransformerModel;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.TensorEngine;

/**
 * What layer selection saves of a training, in ratios with the budget beside each: the time of a step with adapters on half the
 * layers or with the prefix cache, in turn with that of a step with all; the rate of forward and backward pass; the peak of
 * memory. The sample model, and for the rate BERT-base with random weights. Argument: the number of rounds, 8 without it.
 */
public final class TrainingSpeed {

    private static final int LAYERS = 12;
    private static final int ROUNDS = 8;
    private static final int SAMPLES = 128;

    private final TransformerModel model;
    private final int rounds;

    private TrainingSpeed(TransformerModel model, int rounds) {
        this.model = model;
        this.rounds = rounds;
    }

    public static void main(String[] arguments) throws Exception {
        report(arguments.length > 0 ? Integer.parseInt(arguments[0]) : ROUNDS);
    }

    /** Measures the rates alone: a main class of its own for a run without the rest. */
    static final class Rates {
        private Rates() {}

        public static void main(String[] arguments) throws IOException {
            Path folder = Files.createTempDirectory("layerwise-bench");
            TensorEngine engine = TensorEngine.start();
            try (TransformerModel model = BenchData.model(engine, folder, Speed.WIDTH, DType.F32);
                    TransformerModel wide = BenchData.model(engine, folder, Speed.WIDER, DType.F32)) {
                new TrainingSpeed(model, ROUNDS).rate();
                new TrainingSpeed(wide, ROUNDS).rate();
            } finally {
                Folders.delete(folder);
            }
        }
    }

    /** Measures everything and prints it. */
    static void report() throws IOException, InterruptedException {
        report(ROUNDS);
    }

    private static void report(int rounds) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("layerwise-bench");
        TensorEngine engine = TensorEngine.start();
        say(
                "training: batches of %d x %d tokens, LoRA of rank %d, %d threads",
                TrainingArm.ROWS, TrainingArm.TOKENS, TrainingArm.RANK, engine.threads());
        try (TransformerModel model = BenchData.model(engine, folder, Speed.WIDTH, DType.F32);
                TransformerModel wide = BenchData.model(engine, folder, Speed.WIDER, DType.F32)) {
            TrainingSpeed sample = new TrainingSpeed(model, rounds);
            sample.steps(folder);
            sample.depths();
            peaks(folder);
            sample.rate();
            new TrainingSpeed(wide, rounds).rate();
        } finally {
            Folders.delete(folder);
        }
    }

    private void steps(Path folder) throws IOException {
        List<Integer> cka = ckaHalf(folder);
        List<Integer> upper = layers(layer -> layer >= LAYERS / 2);
        TrainingArm all = new TrainingArm("all", model, layers(layer -> true), false);
        List<TrainingArm> halves = List.of(
                new TrainingArm("upper half", model, upper, false),
                new TrainingArm("every second layer", model, layers(layer -> layer % 2 == 1), false),
                new TrainingArm("lower half", model, layers(layer -> layer < LAYERS / 2), false),
                new TrainingArm("CKA half " + cka, model, cka, false),
                new TrainingArm("upper half, prefix cache, second epoch", model, upper, true),
                new TrainingArm("CKA half, prefix cache, second epoch", model, cka, true));
        inTurn(all, halves);
        double[] budgets = {0.70, Double.NaN, Double.NaN, Double.NaN, 0.45, Double.NaN};
        say("step with all layers: shortest %.0f ms, median %.0f ms", all.shortest(), all.median());
        for (int i = 0; i < budgets.length; i++) {
            TrainingArm half = halves.get(i);
            ratio("step, " + half.name() + " / all", half.shortest() / all.shortest(), budgets[i], true);
            say("    of medians: %.2f", half.median() / all.median());
        }
        close(all, halves);
    }

    private void depths() {
        TrainingArm all = new TrainingArm("all", model, layers(layer -> true), false);
        List<TrainingArm> arms = new ArrayList<>();
        for (int lowest = 0; lowest < LAYERS; lowest++) {
            int from = lowest;
            arms.add(new TrainingArm(
                    lowest == LAYERS - 1 ? "layer " + lowest : "layers %d and %d".formatted(lowest, LAYERS - 1),
                    model,
                    layers(layer -> layer == from || layer == LAYERS - 1),
                    true));
        }
        inTurn(all, arms);
        for (TrainingArm arm : arms) {
            ratio("epoch with prefix cache, " + arm.name() + " / all", arm.shortest() / all.shortest(), Double.NaN, true);
        }
        close(all, arms);
    }

    private static void peaks(Path folder) throws IOException, InterruptedException {
        TrainingPeak.Bytes half = TrainingPeak.of(folder, layers(layer -> layer >= LAYERS / 2));
        TrainingPeak.Bytes all = TrainingPeak.of(folder, layers(layer -> true));
        String what = "peak of tensors, upper half / all";
        say("%s: %d MB / %d MB, the weights left out", what, half.beside() >> 20, all.beside() >> 20);
        ratio(what + ", the weights left out", (double) half.beside() / all.beside(), 0.75, true);
        ratio(what, (double) half.all() / all.all(), 0.75, true);
    }

    private void inTurn(TrainingArm all, List<TrainingArm> others) {
        for (int round = 0; round < rounds; round++) {
            all.run();
            others.forEach(TrainingArm::run);
        }
    }

    private static void close(TrainingArm all, List<TrainingArm> others) {
        all.close();
        others.forEach(TrainingArm::close);
    }

    private void rate() {
        try (ForwardBackward work = new ForwardBackward(model)) {
            List<Runnable> ways = List.of(
                    work::pass, work::productsAlone, work::largeProduct, work::forward, work::forwardProductsAlone);
            double[] shortest = new double[ways.size()];
            Arrays.fill(shortest, Double.POSITIVE_INFINITY);
            for (int round = 0; round <= 3 * rounds; round++) {
                for (int way = 0; way < shortest.length; way++) {
                    long start = System.nanoTime();
                    ways.get(way).run();
                    double seconds = (System.nanoTime() - start) / 1e9;
                    shortest[way] = round == 0 ? shortest[way] : Math.min(shortest[way], seconds);
                }
            }
            double[] rates = {
                work.flop() / shortest[0], work.flop() / shortest[1], ForwardBackward.largeFlop() / shortest[2]
            };
            double forward = work.forwardFlop() / shortest[3];
            double forwardAlone = work.forwardFlop() / shortest[4];
            say("forward: %.0f GFLOP/s; its products alone %.0f", forward / 1e9, forwardAlone / 1e9);
            ratio("forward / its products alone", forward / forwardAlone, 0.97, false);
            String what = "forward and backward, width " + model.config().hiddenSize();
            say(
                    "%s: %.0f GFLOP/s; its products alone %.0f, one of 2048 x 2048 %.0f",
                    what, rates[0] / 1e9, rates[1] / 1e9, rates[2] / 1e9);
            ratio(what + " / its products alone", rates[0] / rates[1], 0.97, false);
            ratio(what + " / a product of 2048 x 2048", rates[0] / rates[2], 0.70, false);
        }
    }

    /** The half of the layers that change most what passes through them. */
    private List<Integer> ckaHalf(Path folder) throws IOException {
        TokenizedDataset data = BenchData.rows(folder, "", "", SAMPLES);
        Representations representations = new RepresentationExtractor(model)
                .extract(
                        data,
                        Batches.forDevice(data, model.config(), model.device(), DType.F32),
                        Position.FIRST,
                        false,
                        Progress.none())
                .representations();
        return LayerImportance.of(new LinearCka(model.engine())
                        .allPairs(representations, Device.CPU, Progress.none(), partial -> {}))
                .ranking(UndefinedLayers.EXCLUDE)
                .subList(0, LAYERS / 2)
                .stream()
                .sorted()
                .toList();
    }

    private static List<Integer> layers(IntPredicate chosen) {
        return IntStream.range(0, LAYERS).filter(chosen).boxed().toList();
    }

    /**
     * Prints a ratio and whether it is within its budget.
     *
     * @param budget NaN for none
     * @param most whether the budget is the most, and not the least, that it may be
     */
    private static void ratio(String what, double value, double budget, boolean most) {
        String verdict = Double.isNaN(budget)
                ? ""
                : ", %s %.2f: %s"
                        .formatted(
                                most ? "at most" : "at least",
                                budget,
                                (most ? value <= budget : value >= budget) ? "met" : "not met");
        say("%s: %.2f%s", what, value, verdict);
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
