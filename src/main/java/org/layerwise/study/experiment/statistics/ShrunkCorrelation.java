package org.layerwise.study.experiment.statistics;

import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Observed correlations of several variables, shrunk towards 0, and normal draws that have them. */
final class ShrunkCorrelation {

    /** Least share of 1 that a pivot of the factor has; below it the matrix counts as singular. */
    private static final double SINGULAR = 1e-9;

    private static final double FIRST_STEP = 1e-6;

    private final double[][] factor;
    private final double[] independent;

    /**
     * Computes the correlations.
     *
     * @param variables values of each variable; NaN where one is missing, so that a pair uses those that both have
     * @param shrinkage part of each correlation that is taken away, 0 to 1; more where the rest is no correlation matrix
     */
    ShrunkCorrelation(List<double[]> variables, double shrinkage) {
        int n = variables.size();
        double[][] correlation = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                correlation[i][j] = correlation(variables.get(i), variables.get(j));
            }
        }
        double @Nullable [][] found = cholesky(correlation, shrinkage);
        for (double more = FIRST_STEP; found == null; more *= 10) {
            found = cholesky(correlation, Math.min(1, shrinkage + more));
        }
        factor = found;
        independent = new double[n];
    }

    /** Returns the correlation of the values that both have; 0 for fewer than three and for constant ones. */
    static double correlation(double[] first, double[] second) {
        double ofFirst = 0;
        double ofSecond = 0;
        int n = 0;
        for (int i = 0; i < first.length; i++) {
            if (!Double.isNaN(first[i] + second[i])) {
                ofFirst += first[i];
                ofSecond += second[i];
                n++;
            }
        }
        double product = 0;
        double squaresOfFirst = 0;
        double squaresOfSecond = 0;
        for (int i = 0; i < first.length; i++) {
            if (!Double.isNaN(first[i] + second[i])) {
                double x = first[i] - ofFirst / n;
                double y = second[i] - ofSecond / n;
                product += x * y;
                squaresOfFirst += x * x;
                squaresOfSecond += y * y;
            }
        }
        double scale = Math.sqrt(squaresOfFirst) * Math.sqrt(squaresOfSecond);
        return n < 3 || scale == 0 ? 0 : Math.max(-1, Math.min(1, product / scale));
    }

    /** Returns the lower triangular factor of the shrunk matrix; null if it is not positive definite. */
    private static double @Nullable [][] cholesky(double[][] correlation, double shrinkage) {
        int n = correlation.length;
        double[][] factor = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double rest = i == j ? 1 : (1 - shrinkage) * correlation[i][j];
                for (int k = 0; k < j; k++) {
                    rest -= factor[i][k] * factor[j][k];
                }
                if (i != j) {
                    factor[i][j] = rest / factor[j][j];
                } else if (rest < SINGULAR) {
                    return null;
                } else {
                    factor[i][i] = Math.sqrt(rest);
                }
            }
        }
        return factor;
    }

    /** Fills an array with standard normal values that have these correlations, one per variable. */
    void draw(Random random, double[] into) {
        for (int i = 0; i < independent.length; i++) {
            independent[i] = random.nextGaussian();
        }
        for (int i = 0; i < independent.length; i++) {
            double sum = 0;
            for (int j = 0; j <= i; j++) {
                sum += factor[i][j] * independent[j];
            }
            into[i] = sum;
        }
    }
}
