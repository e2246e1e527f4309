package org.layerwise.selection;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.layerwise.base.Decimals;
import org.layerwise.base.UserException;

/** Rule that selects layers, apart from the locked ones. */
public sealed interface SelectionRule {

    /** Returns the rule for users, in words that follow "by". */
    String words();

    /**
     * Selects the most important {@code floor(ratio * M)} layers, at least one (arXiv 2602.05988, section 3).
     *
     * @param ratio share of the layers, above 0, at most 1
     */
    record TopRatio(double ratio) implements SelectionRule {

        /** First word of {@link #words}. */
        static final String NAME = "ratio";

        // much coarser than the precision of a double, much finer than the steps of the ratio for any M
        private static final int DECIMAL_PLACES = 9;

        /** @throws UserException if the ratio is outside (0, 1] */
        public TopRatio {
            requireRatio(ratio);
        }

        /**
         * Returns the number of layers to select from {@code of} layers. The product uses the decimal number as which
         * the ratio is written, not the nearest double, and is rounded to nine decimal places before the floor: 0.29 of
         * 100 is 29, although {@code 0.29 * 100} is less in floating point, and 4/12 of 12 is 4.
         */
        public int count(int of) {
            int floor = BigDecimal.valueOf(ratio)
                    .multiply(BigDecimal.valueOf(of))
                    .setScale(DECIMAL_PLACES, RoundingMode.HALF_UP)
                    .setScale(0, RoundingMode.FLOOR)
                    .intValueExact();
            return Math.max(1, floor);
        }

        @Override
        public String words() {
            return NAME + " " + Decimals.shortest(ratio);
        }
    }

    /**
     * Selects the n most important layers.
     *
     * @param n number of layers, at least 1
     */
    record TopN(int n) implements Counted {

        /** @throws UserException if n is below 1 */
        public TopN {
            requireNumber(n, "layers");
        }

        @Override
        public String words() {
            return "top " + n;
        }
    }

    /**
     * Selects all layers with at least a given importance.
     *
     * @param importance threshold in the units of the importance, {@code 1 - similarity}
     */
    record Threshold(double importance) implements SelectionRule {

        /** @throws UserException if the threshold is not a finite number */
        public Threshold {
            if (!Double.isFinite(importance)) {
                throw new UserException(
                        "The importance threshold %s makes no sense; it must be a number.".formatted(importance));
            }
        }

        @Override
        public String words() {
            return "importance of at least " + Decimals.shortest(importance);
        }
    }

    private static void requireRatio(double ratio) {
        if (!(ratio > 0 && ratio <= 1)) {
            throw new UserException("The ratio %s makes no sense; it must be above 0 and at most 1.".formatted(ratio));
        }
    }

    private static void requireNumber(int n, String things) {
        if (n < 1) {
            throw new UserException("The number of %s to select is %s; it must be at least 1.".formatted(things, n));
        }
    }

    /** Selects a number of layers or linear maps. */
    sealed interface Counted extends SelectionRule {

        /** Returns the number, at least 1. */
        int n();
    }

    /** Selects layers that are named beforehand, whatever their importance. */
    sealed interface Named extends SelectionRule {

        /** Returns the 0-based layers. */
        SortedSet<Integer> layers();
    }

    /**
     * Selects all layers of a kind.
     *
     * @param layers the model's layers of this kind, 0-based
     */
    record OfKind(LayerKind kind, SortedSet<Integer> layers) implements Named {

        public OfKind {
            layers = LayerList.copy(layers);
        }

        @Override
        public String words() {
            return "kind (" + kind.title() + ")";
        }
    }

    /**
     * Selects the layers nearest to the output. Nothing below them is differentiated, which saves time and memory.
     *
     * @param n number of layers, at least 1
     * @param layers these layers, 0-based
     */
    record LastLayers(int n, SortedSet<Integer> layers) implements Named, Counted {

        /** @throws UserException if n is below 1 */
        public LastLayers {
            requireNumber(n, "last layers");
            layers = LayerList.copy(layers);
        }

        /**
         * Returns the rule for a model.
         *
         * @param of M, the model's number of layers
         * @throws UserException if n is below 1 or the model has fewer layers
         */
        public static LastLayers of(int n, int of) {
            if (n > of) {
                throw new UserException("The last %s layers cannot be selected; the model has %s.".formatted(n, of));
            }
            return new LastLayers(
                    n, IntStream.range(of - n, of).boxed().collect(Collectors.toCollection(TreeSet::new)));
        }

        @Override
        public String words() {
            return n == 1 ? "position (last layer)" : "position (last %s layers)".formatted(n);
        }
    }

    /**
     * Selects the most important share of linear maps, at least one.
     *
     * @param ratio share of the linear maps, above 0, at most 1
     * @param layers layers of the selected linear maps, 0-based
     */
    record ModuleRatio(double ratio, SortedSet<Integer> layers) implements Named {

        /** @throws UserException if the ratio is outside (0, 1] */
        public ModuleRatio {
            requireRatio(ratio);
            layers = LayerList.copy(layers);
        }

        @Override
        public String words() {
            return "share %s of the linear maps".formatted(Decimals.shortest(ratio));
        }
    }

    /**
     * Selects the n most important linear maps.
     *
     * @param n number of linear maps, at least 1
     * @param layers layers of the selected linear maps, 0-based
     */
    record TopModules(int n, SortedSet<Integer> layers) implements Named, Counted {

        /** @throws UserException if n is below 1 */
        public TopModules {
            requireNumber(n, "linear maps");
            layers = LayerList.copy(layers);
        }

        @Override
        public String words() {
            return n == 1 ? "the top linear map" : "the top %s linear maps".formatted(n);
        }
    }

    /**
     * Selects the layers that a user has named.
     *
     * @param layers 0-based layers
     */
    record ByHand(SortedSet<Integer> layers) implements Named {

        public ByHand {
            layers = LayerList.copy(layers);
        }

        public static ByHand of(Collection<Integer> layers) {
            return new ByHand(new TreeSet<>(layers));
        }

        @Override
        public String words() {
            return "hand";
        }
    }
}
