package org.layerwise.study.experiment;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.layerwise.base.Seeds;

/** What is compared: which layers get adapters. */
public enum Arm {
    /** Every layer: what the others are measured by. */
    ALL("all", "all layers"),
    /** Those that the analysis proposes. */
    SELECTED("selected", "selected layers"),
    /** As many, drawn anew for each seed. */
    RANDOM("random", "random layers"),
    /** As many, the nearest to the output. */
    LAST("last", "last layers");

    /** Returns the part of a run's seed that draws the random layers. */
    private static final long LAYERS = 0;

    private final String id;
    private final String words;

    Arm(String id, String words) {
        this.id = id;
        this.words = words;
    }

    /** The word in settings and files: {@code all}, {@code selected}, {@code random}, {@code last}. */
    public String id() {
        return id;
    }

    /** What people read. */
    public String words() {
        return words;
    }

    /**
     * The layers of a run.
     *
     * @param of M, the model's number of layers
     * @param selected what the analysis proposes; the others but {@link #ALL} take as many
     * @param seed of the run, which {@link #RANDOM} draws by
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
     * The reason for the layers of a run, in words that follow "They were chosen".
     *
     * @param selected why those are selected that the analysis proposes
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
        // java.util.Random and Collections.shuffle are specified to the bit; unmixed, neighbouring seeds never draw
        // some layers
        Collections.shuffle(layers, new Random(Seeds.of(seed, LAYERS)));
        return new TreeSet<>(layers.subList(0, count));
    }
}
