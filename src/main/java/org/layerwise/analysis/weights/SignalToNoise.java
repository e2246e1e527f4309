package org.layerwise.analysis.weights;

import java.util.Arrays;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.ModuleAverage;
import org.layerwise.analysis.WeightSpectrum;
import org.layerwise.base.Citation;
import org.layerwise.base.Statistics;

/**
 * Ratio of signal to noise in the singular values of a weight, as Spectrum computes it (arXiv 2406.06623): values above the edge of
 * the Marchenko-Pastur law are signal, the others noise, and the ratio of their sums is divided by the largest value. The scale
 * of the noise is the distance of the quartiles of all values over 1.349.
 */
public final class SignalToNoise {

    /** Distance of the quartiles of a standard normal distribution, as Spectrum rounds it. */
    private static final double NORMAL_QUARTILES = 1.349;

    /** The measure. */
    public static final Measure MEASURE = Measure.ofWeights("snr", SignalToNoise::of, ModuleAverage.OF_TYPE_MEAN)
            .title("signal-to-noise ratio of the weights")
            .shortName("SNR")
            .description(
                    "How much of a weight's spectrum rises above the noise of a random matrix. Needs no data. A layer's value is the mean over its modules, each divided by the mean of that module over all layers.")
            .citing(
                    new Citation(
                            "Hartford et al., 2024",
                            "E. Hartford, L. Atkins, F. Fernandes Neto and D. Golchinfar. Spectrum: Targeted Training on Signal to Noise Ratio. arXiv:2406.06623, 2024."))
            .build();

    private SignalToNoise() {}

    /** Returns the ratio; infinite if all values are signal but some are noise of size zero. */
    static double of(WeightSpectrum spectrum) {
        double[] values = spectrum.values();
        double[] ascending = values.clone();
        Arrays.sort(ascending);
        double deviation =
                (Statistics.quantile(ascending, 0.75) - Statistics.quantile(ascending, 0.25)) / NORMAL_QUARTILES;
        double ratio = (double) Math.min(spectrum.out(), spectrum.in()) / Math.max(spectrum.out(), spectrum.in());
        double edge = deviation * (1 + Math.sqrt(ratio));
        double signal = 0;
        double noise = 0;
        boolean noisy = false;
        for (double value : values) {
            if (value > edge) {
                signal += value;
            } else {
                noise += value;
                noisy = true;
            }
        }
        return signal / (noisy ? noise : 1) / spectrum.largest();
    }
}
