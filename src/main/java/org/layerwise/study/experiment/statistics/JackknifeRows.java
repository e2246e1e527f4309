package org.layerwise.study.experiment.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Seeds;

/**
 * Groups of measured rows, each left out in turn, which show how much a metric depends on the rows (the delete-a-group
 * jackknife). Of a mean over rows, such as the accuracy, the pseudo-values of groups of one row are the rows' values.
 */
public final class JackknifeRows {

    /** Number of groups of more rows than that; 199 degrees of freedom are as good as any more. */
    static final int MOST_GROUPS = 200;

    private final int[] groups;
    private final int count;

    /**
     * Draws the groups.
     *
     * @param seed seed of the draw; the same for all runs that are compared
     */
    public JackknifeRows(int rows, long seed) {
        count = Math.min(rows, MOST_GROUPS);
        List<Integer> shuffled =
                new ArrayList<>(IntStream.range(0, rows).boxed().toList());
        Collections.shuffle(shuffled, new Random(Seeds.of(seed)));
        groups = new int[rows];
        for (int i = 0; i < rows; i++) {
            groups[shuffled.get(i)] = i % count;
        }
    }

    /**
     * Returns the pseudo-values of the groups: k·m - (k - 1)·m′ with the metric m of all rows and m′ without the group,
     * for k groups.
     *
     * @param metric metric as a function of rows
     * @return pseudo-values; null if there are fewer than two groups, or the metric has no value without one of them
     */
    public double @Nullable [] of(ToDoubleFunction<int[]> metric) {
        if (count < 2) {
            return null;
        }
        double all = metric.applyAsDouble(IntStream.range(0, groups.length).toArray());
        double[] pseudo = new double[count];
        for (int group = 0; group < count; group++) {
            int left = group;
            int[] others = IntStream.range(0, groups.length)
                    .filter(row -> groups[row] != left)
                    .toArray();
            pseudo[group] = count * all - (count - 1) * metric.applyAsDouble(others);
        }
        return Arrays.stream(pseudo).allMatch(Double::isFinite) ? pseudo : null;
    }
}
