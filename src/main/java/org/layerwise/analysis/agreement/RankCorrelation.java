package org.layerwise.analysis.agreement;

import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.base.RankedRows;

/**
 * Rank correlation of two rankings of the same layers, -1 to 1. Layers without importance in at least one ranking are
 * left out.
 *
 * @param kendall tau-b, with ties (Kendall, The treatment of ties in ranking problems, Biometrika 33, 1945):
 *     {@code (concordant - discordant) / sqrt((pairs - ties in x) (pairs - ties in y))}; empty if all layers of a
 *     ranking tie, or fewer than two are left
 * @param spearman rho, the correlation of the ranks, ties at their mean rank; empty under the conditions of
 *     {@code kendall}
 * @param layers number of layers with an importance in both rankings
 * @param leftOut number of layers without importance in one or both rankings
 */
public record RankCorrelation(OptionalDouble kendall, OptionalDouble spearman, int layers, int leftOut) {

    /**
     * Compares two rankings.
     *
     * @throws IllegalArgumentException if the rankings have different numbers of layers
     */
    public static RankCorrelation of(LayerImportance first, LayerImportance second) {
        if (first.layers() != second.layers()) {
            throw new IllegalArgumentException(
                    "rankings of %s and %s layers".formatted(first.layers(), second.layers()));
        }
        int[] both = IntStream.range(0, first.layers())
                .filter(layer -> first.of(layer).isPresent() && second.of(layer).isPresent())
                .toArray();
        double[] x = IntStream.of(both)
                .mapToDouble(layer -> first.order(layer).orElseThrow())
                .toArray();
        double[] y = IntStream.of(both)
                .mapToDouble(layer -> second.order(layer).orElseThrow())
                .toArray();
        return new RankCorrelation(kendall(x, y), spearman(x, y), both.length, first.layers() - both.length);
    }

    static OptionalDouble kendall(double[] x, double[] y) {
        long concordance = 0;
        long distinctX = 0;
        long distinctY = 0;
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < i; j++) {
                int a = Double.compare(x[i] + 0.0, x[j] + 0.0); // so that -0 and 0 tie
                int b = Double.compare(y[i] + 0.0, y[j] + 0.0);
                concordance += Integer.signum(a) * Integer.signum(b);
                distinctX += a == 0 ? 0 : 1;
                distinctY += b == 0 ? 0 : 1;
            }
        }
        return distinctX == 0 || distinctY == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(concordance / Math.sqrt((double) distinctX * distinctY));
    }

    static OptionalDouble spearman(double[] x, double[] y) {
        double[] a = RankedRows.ranks(x);
        double[] b = RankedRows.ranks(y);
        double mean = (x.length + 1) / 2.0;
        double product = 0;
        double first = 0;
        double second = 0;
        for (int i = 0; i < a.length; i++) {
            product += (a[i] - mean) * (b[i] - mean);
            first += (a[i] - mean) * (a[i] - mean);
            second += (b[i] - mean) * (b[i] - mean);
        }
        return first == 0 || second == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(Math.max(-1, Math.min(1, product / Math.sqrt(first * second))));
    }
}
