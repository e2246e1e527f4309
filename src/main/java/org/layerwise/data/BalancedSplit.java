package org.layerwise.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.layerwise.base.Seeds;

/**
 * Cuts labelled texts into a training and a validation part. Both hold every class equally often, so that accuracy is easy
 * to read and chance is one over the number of classes; what the larger classes have too much is left out. Classes take
 * turns in the order of rows, so that the first n rows are balanced too. The same texts always give the same parts.
 */
final class BalancedSplit {

    private static final long SEED = 20260205;
    private static final int ONE_IN_VALIDATION_OF = 10;

    private final List<List<Example>> train;
    private final List<List<Example>> validation;

    /** A text and the index of its class. */
    record Example(String text, int label) {}

    /**
     * Splits.
     *
     * @param groups texts that must stay on one side together, such as minimal pairs
     * @param classes the number of classes
     */
    BalancedSplit(List<List<Example>> groups, int classes) {
        int[] total = new int[classes];
        groups.forEach(group -> group.forEach(example -> total[example.label()]++));
        int room = Arrays.stream(total).min().orElse(0) / ONE_IN_VALIDATION_OF;
        train = byClass(classes);
        validation = byClass(classes);
        for (List<Example> group : SeededOrder.shuffled(groups, SEED)) {
            List<List<Example>> side = fits(group, room) ? validation : train;
            group.forEach(example -> side.get(example.label()).add(example));
        }
    }

    /** All rows of one part. */
    List<Example> rows(Split split) {
        List<List<Example>> side = split == Split.TRAIN ? train : validation;
        int each = side.stream().mapToInt(List::size).min().orElse(0);
        List<List<Example>> shuffled = new ArrayList<>();
        for (List<Example> examples : side) {
            // minimal pairs came in together: now the two are apart
            shuffled.add(SeededOrder.shuffled(examples.subList(0, each), Seeds.of(SEED, shuffled.size())));
        }
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < each; i++) {
            for (List<Example> examples : shuffled) {
                rows.add(examples.get(i));
            }
        }
        return rows;
    }

    private boolean fits(List<Example> group, int room) {
        int[] added = new int[validation.size()];
        group.forEach(example -> added[example.label()]++);
        for (int label = 0; label < added.length; label++) {
            if (validation.get(label).size() + added[label] > room) {
                return false;
            }
        }
        return true;
    }

    private static List<List<Example>> byClass(int classes) {
        List<List<Example>> lists = new ArrayList<>();
        for (int label = 0; label < classes; label++) {
            lists.add(new ArrayList<>());
        }
        return lists;
    }
}
