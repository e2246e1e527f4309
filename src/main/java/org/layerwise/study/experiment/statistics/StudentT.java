package org.layerwise.study.experiment.statistics;

import org.apache.commons.math3.distribution.ChiSquaredDistribution;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.special.Gamma;

/** Student's t distribution, central and noncentral, with any positive degrees of freedom. */
final class StudentT {

    private static final NormalDistribution NORMAL = new NormalDistribution(0, 1);

    /** Degrees of freedom from which the normal distribution is used; quantiles then differ by less than 1e-6. */
    private static final double NORMAL_FROM = 1e7;

    private static final int PANELS = 2000;

    /** Half of the width of the integral over the standard deviation, in its own standard deviations. */
    private static final double REACH = 10;

    private StudentT() {}

    /** Returns the value that |t| exceeds with the probability {@code alpha}. */
    static double twoSidedQuantile(double alpha, double degreesOfFreedom) {
        return degreesOfFreedom > NORMAL_FROM
                ? -NORMAL.inverseCumulativeProbability(alpha / 2)
                : -new TDistribution(degreesOfFreedom).inverseCumulativeProbability(alpha / 2);
    }

    /** Returns the probability that |t| exceeds a value. */
    static double twoSidedP(double t, double degreesOfFreedom) {
        return degreesOfFreedom > NORMAL_FROM
                ? 2 * normal(-Math.abs(t))
                : 2 * new TDistribution(degreesOfFreedom).cumulativeProbability(-Math.abs(t));
    }

    /** Returns the q-quantile of the chi-squared distribution. */
    static double chiSquaredQuantile(double q, double degreesOfFreedom) {
        return new ChiSquaredDistribution(degreesOfFreedom).inverseCumulativeProbability(q);
    }

    private static double normal(double z) {
        return NORMAL.cumulativeProbability(z);
    }

    /**
     * Returns the probability that |t| exceeds a value if t is noncentral: (Z + shift) / U with a standard normal Z and
     * an independent U, where U² is chi-squared divided by its degrees of freedom. The mean over U is an integral by
     * Simpson's rule.
     */
    static double noncentralBeyond(double value, double shift, double degreesOfFreedom) {
        if (degreesOfFreedom > NORMAL_FROM) {
            return normal(shift - value) + normal(-shift - value);
        }
        double width = REACH / Math.sqrt(2 * degreesOfFreedom);
        // u = w⁴, since the density is not smooth at u = 0 for broken degrees of freedom
        double low = Math.sqrt(Math.sqrt(Math.max(0, 1 - width)));
        double step = (Math.sqrt(Math.sqrt(1 + width)) - low) / PANELS;
        double sum = 0;
        for (int i = 0; i <= PANELS; i++) {
            double w = low + i * step;
            double u = w * w * w * w;
            int weight = i == 0 || i == PANELS ? 1 : i % 2 == 1 ? 4 : 2;
            sum += weight
                    * 4
                    * w
                    * w
                    * w
                    * density(u, degreesOfFreedom)
                    * (normal(shift - value * u) + normal(-shift - value * u));
        }
        return Math.min(1, sum * step / 3);
    }

    /** Returns the density of the square root of a chi-squared variable that is divided by its degrees of freedom. */
    private static double density(double u, double degreesOfFreedom) {
        if (u == 0) {
            return 0; // of no weight in the integral
        }
        double half = degreesOfFreedom / 2;
        return 2
                * Math.exp(half * Math.log(half)
                        + (degreesOfFreedom - 1) * Math.log(u)
                        - half * u * u
                        - Gamma.logGamma(half));
    }
}
