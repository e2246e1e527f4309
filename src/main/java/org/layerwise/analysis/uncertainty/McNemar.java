package org.layerwise.analysis.uncertainty;

/**
 * The exact test of McNemar (Psychometrika 12(2), 1947) for two accuracies on the same rows: rows that both have right or both have wrong
 * say nothing, and if the two are equally good, each of the others is right with either with probability 1/2.
 *
 * @param onlyFirst rows that only the first has right
 * @param onlySecond rows that only the second has right
 */
public record McNemar(int onlyFirst, int onlySecond) {

    public McNemar {
        if (onlyFirst < 0 || onlySecond < 0) {
            throw new IllegalArgumentException("%s and %s rows".formatted(onlyFirst, onlySecond));
        }
    }

    /**
     * Compares row by row.
     *
     * @param first whether the first is right, by row
     * @param second the same of the second
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

    /** The rows that tell the two apart. */
    public int discordant() {
        return onlyFirst + onlySecond;
    }

    /** The two-sided p-value of the binomial test, 0 to 1: twice the smaller tail, as SciPy's {@code binomtest} gives it for 1/2. */
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
