package org.layerwise.bench;

import org.layerwise.base.file.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

    /** Repetitions of what the rates compare: with a width of 768 they take about a minute on two cores. */
    private static final int REPETITIONS = 8;
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

    /**
     * Measures the rates alone: a main class of its own for a run without the rest. Arguments: the width, 384 or 768, of the
     * model, both without it; and the number of repetitions.
     */
    static final class Rates {
        private Rates() {}

        public static void main(String[] arguments) throws IOException {
            List<Integer> widths =
                    arguments.length > 0 ? List.of(Integer.valueOf(arguments[0])) : List.of(Speed.WIDTH, Speed.WIDER);
            int repetitions = arguments.length > 1 ? Integer.parseInt(arguments[1]) : REPETITIONS;
            Path folder = Files.createTempDirectory("layerwise-bench");
            TensorEngine engine = TensorEngine.start();
            try {
                for (int width : widths) {
                    try (TransformerModel model = BenchData.model(engine, folder, width, DType.F32)) {
                        rate(model, repetitions);
                    }
                }
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
            rate(model, REPETITIONS);
            rate(wide, REPETITIONS);
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

    private static void rate(TransformerModel model, int repetitions) {
        try (ForwardBackward work = new ForwardBackward(model)) {
            rate("forward, width " + model.config().hiddenSize(), work.forwardBesideProducts(), repetitions);
            rate("forward and backward, width " + model.config().hiddenSize(), work.passBesideProducts(), repetitions);
        }
    }

    private static void rate(String what, List<ForwardBackward.Work> works, int repetitions) {
        double[] rates = new double[works.size()];
        for (int repetition = 0; repetition <= repetitions; repetition++) {
            for (int at = 0; at < rates.length; at++) {
                long start = System.nanoTime();
                works.get(at).run().run();
                double rate = works.get(at).flop() / (System.nanoTime() - start);
                rates[at] = repetition == 0 ? 0 : Math.max(rates[at], rate);
            }
        }
        for (int at = 0; at < rates.length; at++) {
            say("%s, %s: %.0f GFLOP/s", what, works.get(at).name(), rates[at]);
        }
        for (int at = 1; at < rates.length; at++) {
            ratio("%s / %s".formatted(what, works.get(at).name()), rates[0] / rates[at], works.get(at).least(), false);
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
