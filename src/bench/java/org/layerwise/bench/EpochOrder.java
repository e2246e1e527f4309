package org.layerwise.bench;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.layerwise.data.batch.Batches;

/**
 * Prints the rows of the first epoch of a training in their order, for {@code src/bench/python/train.py}. Arguments: {@code ROWS
 * BATCH SEED}.
 */
public final class EpochOrder {

    private EpochOrder() {}

    public static void main(String[] arguments) {
        int[] numbers = Arrays.stream(arguments).mapToInt(Integer::parseInt).toArray();
        System.out.println(Batches.shuffled(numbers[0], numbers[1], numbers[2], 0).stream()
                .flatMapToInt(Arrays::stream)
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(" ")));
    }
}
