package org.layerwise.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Orders that look random and are the same on every machine and Java version. */
public final class SeededOrder {

    private SeededOrder() {}

    /**
     * Returns a permutation of {@code 0 .. size-1} (Fisher and Yates, with the generator that {@link Random}
     * specifies).
     */
    public static int[] permutation(int size, long seed) {
        int[] order = IntStream.range(0, size).toArray();
        Random random = new Random(seed);
        for (int i = size - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }

    /** Returns the elements in another order. */
    public static <T> List<T> shuffled(List<T> list, long seed) {
        List<T> shuffled = new ArrayList<>(list.size());
        for (int index : permutation(list.size(), seed)) {
            shuffled.add(list.get(index));
        }
        return shuffled;
    }
}
