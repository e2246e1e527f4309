package org.layerwise.analysis.uncertainty;

import java.util.Locale;
import org.layerwise.base.Citation;
import org.layerwise.base.json.Min;

/**
 * Split-half reliability of a ranking of layers: the rank correlation that is to be expected between the importance from these rows
 * and that of the same measure from as many other rows of the same data. Measurement error bounds every agreement: two measures on
 * rows of their own agree on average at most by the root of the product of their reliabilities (Spearman, The proof and measurement
 * of association between two things, American Journal of Psychology 15, 1904).
 *
 * @param value reliability of the importance from all rows, 0 to 1: {@code 2 r / (1 + r)} (Spearman 1910, Brown 1910) for the mean
 *     correlation r of two halves; 0 if r is not positive
 * @param halves mean Spearman correlation of the importances from two halves, r, from -1 to 1
 * @param splits number of random splits into halves
 * @param rows number of rows of a half
 * @param seed seed of the splits
 */
public record Reliability(double value, double halves, @Min(1) int splits, @Min(1) int rows, long seed) {

    /** Paper on the reliability of a sum from that of its halves. */
    public static final Citation PAPER = new Citation(
            "Spearman, 1910",
            "C. Spearman. Correlation Calculated from Faulty Data. British Journal of Psychology 3(3):271-295, 1910.");

    /** Returns the reliability of all rows from the mean correlation of halves. */
    static Reliability ofHalves(double mean, int splits, int rows, long seed) {
        return new Reliability(mean > 0 ? 2 * mean / (1 + mean) : 0, mean, splits, rows, seed);
    }

    /** Returns the reliability with two decimals and its origin, as in "reliability 0.93 (20 split halves of 64 rows)". */
    public String summary() {
        return String.format(Locale.ROOT, "reliability %.2f (%,d split halves of %,d rows)", value, splits, rows);
    }
}
