package org.layerwise.study.experiment;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.layerwise.base.Seeds;

/** Arm of an experiment: the choice of the layers that get adapters. */
public enum Arm {
    /** All layers, the baseline of the other arms. */
    ALL("all", "all layers"),
    /** Layers that the analysis proposes. */
    SELECTED("selected", "selected layers"),
    /** Random layers, as many as are selected, drawn again for each seed. */
    RANDOM("random", "random layers"),
    /** Last layers (nearest to the output), as many as are selected. */
    LAST("last", "last layers");

    /** Part that is mixed into a run's seed for drawing the random layers. */
    private static final long LAYERS = 0;

    private final String id;
    private final String words;

    Arm(String id, String words) {
        this.id = id;
        this.words = words;
    }

    /** Returns the name in settings and files: {@code all}, {@code selected}, {@code random} or {@code last}. */
    public String id() {
        return id;
    }

    /** Returns the name for people. */
    public String words() {
        return words;
    }

    /**
     * Returns the layers of a run.
     *
     * @param of number of layers of the model, M
     * @param selected layers that the analysis proposes; the arms other than {@link #ALL} have the same number of
     *     layers
     * @param seed seed of the run, which determines the layers of {@link #RANDOM}
     */
    SortedSet<Integer> layers(int of, SortedSet<Integer> selected, long seed) {
        return switch (this) {
            case ALL -> range(0, of);
            case SELECTED -> selected;
            case RANDOM -> random(of, selected.size(), seed);
            case LAST -> range(of - selected.size(), of);
        };
    }

    /**
     * Returns the reason for the layers of a run, in words that follow "They were chosen".
     *
     * @param selected reason for the layers that the analysis proposes
     */
    String reason(String selected) {
        return switch (this) {
            case ALL -> "as all layers of an experiment, which the others are compared with";
            case SELECTED -> selected;
            case RANDOM -> "at random for an experiment, as many as are selected, by the seed of the run";
            case LAST -> "as the last layers for an experiment, as many as are selected";
        };
    }

    private static SortedSet<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().collect(TreeSet::new, TreeSet::add, TreeSet::addAll);
    }

    private static SortedSet<Integer> random(int of, int count, long seed) {
        List<Integer> layers = new ArrayList<>(range(0, of));
        // java.util.Random and Collections.shuffle are specified to the bit; with unmixed seeds, adjacent seeds would
        // never draw some layers
        Collections.shuffle(layers, new Random(Seeds.of(seed, LAYERS)));
        return new TreeSet<>(layers.subList(0, count));
    }
}
