package org.layerwise.analysis.weights;

import java.util.Arrays;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.ModuleAverage;
import org.layerwise.analysis.WeightSpectrum;
import org.layerwise.base.Citation;

/**
 * Exponent of the power law that the largest eigenvalues of {@code W^T W} follow, as AlphaLoRA estimates it (arXiv 2410.10054): Hill's
 * estimate above each eigenvalue near the peak of the histogram of their logarithms; the one whose power law is closest to the
 * eigenvalues holds.
 */
public final class TailExponent {

    /** Eigenvalues up to this size count as zero. */
    private static final double SMALLEST = 1e-5;

    private static final int BINS = 100;
    private static final double ABOVE_PEAK = 1.5;
    private static final double BELOW_PEAK = 0.95;

    /** The measure. */
    public static final Measure MEASURE = Measure.ofWeights("alpha", TailExponent::of, ModuleAverage.MEAN)
            .title("heavy-tail exponent of the weights")
            .shortName("alpha")
            .description(
                    "How fast the largest eigenvalues of a weight thin out: a large exponent means that a layer is less trained and has more room. Needs no data. A layer's value is the mean over its modules.")
            .citing(
                    new Citation(
                            "Qing et al., 2024",
                            "P. Qing, C. Gao, Y. Zhou, X. Diao, Y. Yang and S. Vosoughi. AlphaLoRA: Assigning LoRA Experts Based on Layer Training Quality. EMNLP 2024. arXiv:2410.10054."))
            .build();

    private TailExponent() {}

    /** Returns the exponent; 0 if no eigenvalue allows an estimate. */
    static double of(WeightSpectrum spectrum) {
        double[] eigenvalues = ascending(spectrum);
        int size = eigenvalues.length;
        double[] logarithms = Arrays.stream(eigenvalues).map(Math::log).toArray();
        double[] sums = new double[size + 1];
        for (int i = size - 1; i >= 0; i--) {
            sums[i] = sums[i + 1] + logarithms[i];
        }
        double peak = peak(eigenvalues);
        // AlphaLoRA compares eigenvalues with the logarithm of the lower end, which nearly all of them exceed
        double lower = Math.log10(BELOW_PEAK * peak);
        double exponent = 0;
        double closest = 1;
        for (int i = 0; i < size - 1 && eigenvalues[i] <= ABOVE_PEAK * peak; i++) {
            if (eigenvalues[i] < lower) {
                continue;
            }
            int above = size - i;
            double hill = 1 + above / (sums[i] - above * logarithms[i]);
            double distance = hill > 1 ? distance(eigenvalues, i, hill) : 1;
            if (distance < closest) {
                closest = distance;
                exponent = hill;
            }
        }
        return exponent;
    }

    /** Returns the eigenvalues that are not zero, or all of them if none is larger. */
    private static double[] ascending(WeightSpectrum spectrum) {
        double[] all = Arrays.stream(spectrum.values())
                .map(value -> value * value)
                .sorted()
                .toArray();
        double[] large = Arrays.stream(all).filter(value -> value > SMALLEST).toArray();
        return large.length == 0 ? all : large;
    }

    /** Returns the lower end of the fullest bin of the histogram of logarithms. */
    private static double peak(double[] eigenvalues) {
        double least = Math.log10(eigenvalues[0]);
        double most = Math.log10(eigenvalues[eigenvalues.length - 1]);
        int[] counts = new int[BINS];
        for (double eigenvalue : eigenvalues) {
            int bin = (int) ((Math.log10(eigenvalue) - least) / (most - least) * BINS);
            counts[Math.min(bin, BINS - 1)]++;
        }
        int fullest = 0;
        for (int bin = 1; bin < BINS; bin++) {
            fullest = counts[bin] > counts[fullest] ? bin : fullest;
        }
        return Math.pow(10, least + (most - least) * fullest / BINS);
    }

    /** Returns the largest distance of the eigenvalues from one on to a power law, as Kolmogorov and Smirnov measure it. */
    private static double distance(double[] eigenvalues, int from, double exponent) {
        int above = eigenvalues.length - from;
        double largest = 0;
        for (int i = 0; i < above; i++) {
            double law = 1 - Math.pow(eigenvalues[from + i] / eigenvalues[from], 1 - exponent);
            largest = Math.max(largest, Math.abs(law - (double) i / above));
        }
        return largest;
    }
}
