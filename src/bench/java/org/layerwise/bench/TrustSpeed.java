package org.layerwise.bench;

import org.layerwise.analysis.similarity.DebiasedCka;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.analysis.similarity.RbfCka;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Grams;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.uncertainty.Bootstrap;
import org.layerwise.analysis.uncertainty.UnrelatedBaseline;
import org.layerwise.base.Progress;

/** 1,000 bootstrap replicates, and 1,000 permutations, of an analysis of 33 layers and 512 examples. */
public final class TrustSpeed {

    private static final int SAMPLES = 512;
    private static final int LAYERS = 33;
    private static final int TIMES = 3;

    private TrustSpeed() {}

    public static void main(String[] arguments) {
        Grams grams = grams();
        List<Similarity> half = new ArrayList<>();
        for (int layer = 0; layer < LAYERS; layer++) {
            half.add(new Similarity.Value(0.5));
        }
        LayerImportance importance = LayerImportance.ofSimilarities(half);
        Bootstrap bootstrap =
                Bootstrap.of(new Bootstrap.Settings(1000, LAYERS / 2, UndefinedLayers.EXCLUDE, 42));
        for (Measure measure : List.of(LinearCka.MEASURE, DebiasedCka.MEASURE, RbfCka.MEASURE)) {
            time("bootstrap", measure, () -> bootstrap.run(
                    measure, MeasureOptions.DEFAULTS, importance, grams, null, Progress.none()));
            time("permutations", measure, () -> UnrelatedBaseline.of(
                    grams, measure, MeasureOptions.DEFAULTS, 1000, 42, Progress.none()));
        }
    }

    private static void time(String name, Measure measure, Runnable work) {
        double shortest = Double.MAX_VALUE;
        for (int i = 0; i < TIMES; i++) {
            long start = System.nanoTime();
            work.run();
            shortest = Math.min(shortest, (System.nanoTime() - start) / 1e9);
        }
        System.out.printf(Locale.ROOT, "1000 %s, %s: %.2f s%n", name, measure.id(), shortest);
    }

    private static Grams grams() {
        Random random = new Random(1);
        List<double[]> states = new ArrayList<>();
        List<@Nullable String> reasons = new ArrayList<>();
        double[] x = new double[SAMPLES * 16];
        for (int state = 0; state <= LAYERS; state++) {
            for (int i = 0; i < x.length; i++) {
                x[i] += random.nextGaussian();
            }
            states.add(gram(x));
            reasons.add(null);
        }
        return new Grams(SAMPLES, states, reasons);
    }

    private static double[] gram(double[] x) {
        int d = x.length / SAMPLES;
        double[] gram = new double[SAMPLES * SAMPLES];
        for (int k = 0; k < d; k++) {
            double mean = 0;
            for (int i = 0; i < SAMPLES; i++) {
                mean += x[i * d + k] / SAMPLES;
            }
            for (int i = 0; i < SAMPLES; i++) {
                for (int j = 0; j < SAMPLES; j++) {
                    gram[i * SAMPLES + j] += (x[i * d + k] - mean) * (x[j * d + k] - mean);
                }
            }
        }
        return gram;
    }
}
