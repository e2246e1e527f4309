package org.layerwise.data.sample;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.layerwise.base.Seeds;
import org.layerwise.data.SeededOrder;
import org.layerwise.data.Split;

/**
 * Splits labelled texts into a training and a validation part. Both parts hold every class equally often, so that
 * accuracy is easy to read and chance is one over the number of classes; surplus rows of the larger classes are left
 * out. Classes alternate in the order of the rows, so that the first n rows are balanced too. The same texts always
 * give the same parts.
 */
final class BalancedSplit {

    private static final long SEED = 20260205;
    private static final int ONE_IN_VALIDATION_OF = 10;

    private final List<List<Example>> train;
    private final List<List<Example>> validation;
    private final Map<Example, List<Example>> groupOf = new HashMap<>();

    /** A text and the index of its class. */
    record Example(String text, int label) {}

    /**
     * Splits the texts.
     *
     * @param groups texts that must stay together in one part and one half, such as minimal pairs; no example is in two
     *     groups
     * @param classes the number of classes
     */
    BalancedSplit(List<List<Example>> groups, int classes) {
        int[] total = new int[classes];
        groups.forEach(group -> group.forEach(example -> total[example.label()]++));
        int room = Arrays.stream(total).min().orElse(0) / ONE_IN_VALIDATION_OF;
        train = byClass(classes);
        validation = byClass(classes);
        for (List<Example> group : SeededOrder.shuffled(groups, SEED)) {
            List<List<Example>> side = fits(group, validation, room) ? validation : train;
            group.forEach(example -> side.get(example.label()).add(example));
            group.forEach(example -> groupOf.put(example, group));
        }
    }

    /** Returns all rows of one part. The rows of the validation part are its first half followed by its second half. */
    List<Example> rows(Split split) {
        if (split == Split.TRAIN) {
            return mixed(train);
        }
        Halves halves = halves();
        List<Example> rows = new ArrayList<>(halves.first());
        rows.addAll(halves.second());
        return rows;
    }

    /**
     * Two halves of the validation part. The first n rows of a half are balanced for every n; no group is in both
     * halves.
     */
    record Halves(List<Example> first, List<Example> second) {}

    /** Splits the validation part between groups, in the order of its rows. */
    Halves halves() {
        List<Example> rows = mixed(validation);
        Map<List<Example>, List<Example>> present = new LinkedHashMap<>();
        for (Example row : rows) {
            present.computeIfAbsent(groupOf.get(row), group -> new ArrayList<>())
                    .add(row);
        }
        int room = rows.size() / validation.size() / 2;
        Set<Example> inFirst = new HashSet<>();
        List<List<Example>> first = byClass(validation.size());
        for (List<Example> group : present.values()) {
            if (fits(group, first, room)) {
                group.forEach(example -> first.get(example.label()).add(example));
                inFirst.addAll(group);
            }
        }
        return new Halves(half(rows, inFirst::contains), half(rows, row -> !inFirst.contains(row)));
    }

    private List<Example> half(List<Example> rows, Predicate<Example> in) {
        List<List<Example>> side = byClass(validation.size());
        rows.stream().filter(in).forEach(row -> side.get(row.label()).add(row));
        return alternating(side);
    }

    private static List<Example> mixed(List<List<Example>> side) {
        int each = smallest(side);
        List<List<Example>> shuffled = new ArrayList<>();
        for (List<Example> examples : side) {
            // the two texts of a minimal pair were adjacent; shuffling separates them
            shuffled.add(SeededOrder.shuffled(examples.subList(0, each), Seeds.of(SEED, shuffled.size())));
        }
        return alternating(shuffled);
    }

    /** Returns rows whose classes alternate; surplus rows of the larger classes are left out. */
    private static List<Example> alternating(List<List<Example>> side) {
        int each = smallest(side);
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < each; i++) {
            for (List<Example> examples : side) {
                rows.add(examples.get(i));
            }
        }
        return rows;
    }

    private static int smallest(List<List<Example>> side) {
        return side.stream().mapToInt(List::size).min().orElse(0);
    }

    private static boolean fits(List<Example> group, List<List<Example>> side, int room) {
        int[] added = new int[side.size()];
        group.forEach(example -> added[example.label()]++);
        for (int label = 0; label < added.length; label++) {
            if (side.get(label).size() + added[label] > room) {
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
