package org.layerwise.run.uncertainty;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.layerwise.base.Progress;
import org.layerwise.training.ClassTotals;

/**
 * Posterior of metrics of a confusion matrix (Goutte and Gaussier, 2005): the shares of its cells have a Dirichlet
 * distribution. Unlike a bootstrap of the rows, it also allows for errors that did not occur among few rows. The prior
 * is Jeffreys' for two classes, half a row in each cell. For more it is Perks' (1947), one row in equal parts in all
 * cells, since half a row in each of many cells would outweigh the data.
 */
final class ConfusionPosterior {

    static final int DRAWS = 1000;

    private static final double JEFFREYS = 0.5;

    /** Negative logarithm of the size below which a random number is taken as 0. */
    private static final double NEGLIGIBLE = 40;

    /** Factor of the bound below which a number is accepted without a logarithm. */
    private static final double SQUEEZE = 0.0331;

    private final double[][] cells;
    private final Random random;

    ConfusionPosterior(int[] labels, int[] predictions, int classes, long seed) {
        cells = new double[classes][classes];
        for (double[] ofLabel : cells) {
            Arrays.fill(ofLabel, classes == 2 ? JEFFREYS : 1.0 / (classes * classes));
        }
        for (int i = 0; i < labels.length; i++) {
            cells[labels[i]][predictions[i]]++;
        }
        random = new Random(seed); // its sequence is specified, so that all machines have the same
    }

    /** Returns {@link #DRAWS} matrices, of which the totals are kept. */
    List<ClassTotals> draws(Progress progress) {
        List<ClassTotals> drawn = new ArrayList<>();
        for (int draw = 0; draw < DRAWS; draw++) {
            progress.check();
            int classes = cells.length;
            ClassTotals totals = new ClassTotals(new double[classes], new double[classes], new double[classes]);
            for (int label = 0; label < classes; label++) {
                for (int prediction = 0; prediction < classes; prediction++) {
                    totals.add(label, prediction, gamma(cells[label][prediction]));
                }
            }
            drawn.add(totals);
        }
        return drawn;
    }

    /** Returns a random number with a gamma distribution of scale 1 (Marsaglia and Tsang, 2000). */
    private double gamma(double shape) {
        if (shape < 1) {
            double log = StrictMath.log(1 - random.nextDouble()) / shape;
            return log < -NEGLIGIBLE ? 0 : gamma(shape + 1) * StrictMath.exp(log);
        }
        double d = shape - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double normal = random.nextGaussian();
            double v = 1 + c * normal;
            v = v * v * v;
            double uniform = 1 - random.nextDouble();
            double square = normal * normal;
            if (v > 0
                    && (uniform < 1 - SQUEEZE * square * square
                            || StrictMath.log(uniform) < square / 2 + d * (1 - v + StrictMath.log(v)))) {
                return d * v;
            }
        }
    }
}
