package org.layerwise.analysis.uncertainty;

/**
 * Exact test of McNemar (Psychometrika 12(2), 1947) for two accuracies on the same rows: rows that both predict
 * correctly or both incorrectly give no information. If the two are equally good, each of the other rows is correct
 * with either with probability 1/2.
 *
 * @param onlyFirst number of rows that only the first predicts correctly
 * @param onlySecond number of rows that only the second predicts correctly
 */
public record McNemar(int onlyFirst, int onlySecond) {

    public McNemar {
        if (onlyFirst < 0 || onlySecond < 0) {
            throw new IllegalArgumentException("%s and %s rows".formatted(onlyFirst, onlySecond));
        }
    }

    /**
     * Compares two predictions row by row.
     *
     * @param first for each row, true if the first is correct
     * @param second for each row, true if the second is correct
     */
    public static McNemar of(boolean[] first, boolean[] second) {
        if (first.length != second.length) {
            throw new IllegalArgumentException("%s and %s rows".formatted(first.length, second.length));
        }
        int onlyFirst = 0;
        int onlySecond = 0;
        for (int row = 0; row < first.length; row++) {
            onlyFirst += first[row] && !second[row] ? 1 : 0;
            onlySecond += !first[row] && second[row] ? 1 : 0;
        }
        return new McNemar(onlyFirst, onlySecond);
    }

    /** Returns the number of rows that only one of the two predicts correctly. */
    public int discordant() {
        return onlyFirst + onlySecond;
    }

    /**
     * Returns the two-sided p-value of the binomial test, 0 to 1: twice the smaller tail, as SciPy's {@code binomtest}
     * computes it for probability 1/2.
     */
    public double p() {
        int n = discordant();
        double term = -n * Math.log(2); // the logarithm, since 2^-n is below the smallest double from 1075 rows on
        double tail = 0;
        for (int k = 0; k <= Math.min(onlyFirst, onlySecond); k++) {
            tail += Math.exp(term);
            term += Math.log((double) (n - k) / (k + 1));
        }
        return Math.min(1, 2 * tail);
    }
}
