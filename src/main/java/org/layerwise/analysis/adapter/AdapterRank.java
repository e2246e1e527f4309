package org.layerwise.analysis.adapter;

import org.layerwise.analysis.Measure;
import org.layerwise.analysis.ModuleAverage;
import org.layerwise.base.Citation;

/**
 * Effective rank of the change of a weight by an adapter: the exponential of the entropy of its singular values, scaled to the
 * sum 1 (Roy and Vetterli, EUSIPCO 2007). It is the rank if all singular values that are not zero are equal, and less otherwise.
 * With DoRA it is that of the product of low rank, since rescaled rows change the weight in all directions.
 */
public final class AdapterRank {

    /** The measure. */
    public static final Measure MEASURE = Measure.ofAdapter("adapter-rank", ModuleAverage.MEAN)
            .title("effective rank of the adapter's change of the weights")
            .shortName("effective rank")
            .description(
                    "How many directions an adapter really uses, at most its rank r. Needs an adapter and no data. A"
                            + " layer's value is the mean over its modules.")
            .citing(new Citation(
                    "Roy and Vetterli, 2007",
                    "O. Roy and M. Vetterli. The Effective Rank: A Measure of Effective Dimensionality."
                            + " EUSIPCO 2007, pp. 606-610."))
            .withoutRows()
            .withoutInterval(
                    "The effective rank has no interval, since it follows from the adapter's weights: no rows are"
                            + " drawn.")
            .build();

    private AdapterRank() {}

    /** Returns the effective rank of an update, the mean over experts if there are several; 0 for an update of zero. */
    public static double of(AdapterUpdate update) {
        return update.products().stream()
                .mapToDouble(product -> of(product.singularValues()))
                .average()
                .orElseThrow();
    }

    /** Returns the effective rank of a matrix with these singular values; 0 if all are 0. */
    static double of(double[] singularValues) {
        double sum = 0;
        for (double value : singularValues) {
            sum += value;
        }
        if (sum == 0) {
            return 0;
        }
        double entropy = 0;
        for (double value : singularValues) {
            double share = value / sum;
            entropy -= share == 0 ? 0 : share * Math.log(share);
        }
        return Math.exp(entropy);
    }
}
