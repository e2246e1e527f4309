package org.layerwise.data;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.layerwise.base.Seeds;

/**
 * Draws rows without replacement (Floyd's algorithm, as in Bentley and Floyd, "A sample of brilliance", 1987) from
 * counts alone, in memory that grows with the sample and not with the data. The same arguments give the same rows on
 * every machine.
 */
public final class SampleChoice {

    private SampleChoice() {}

    /** Draws {@code wanted} of the rows {@code 0 .. size-1}, ascending; all rows if there are no more. */
    public static long[] random(long size, long wanted, long seed) {
        long drawn = Math.min(size, wanted);
        Set<Long> chosen = new HashSet<>();
        for (long last = size - drawn; last < size; last++) {
            long draw = Long.remainderUnsigned(Seeds.of(seed, last), last + 1);
            if (!chosen.add(draw)) {
                chosen.add(last);
            }
        }
        return chosen.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    /**
     * Returns the number of rows to take of each class so that the total is {@code wanted} and the classes keep their
     * shares (largest remainders; of equal remainders the first class).
     *
     * @param sizes rows of each class
     */
    public static long[] allocate(long[] sizes, long wanted) {
        long total = Arrays.stream(sizes).sum();
        if (wanted >= total) {
            return sizes.clone();
        }
        long[] shares = new long[sizes.length];
        double[] remainders = new double[sizes.length];
        long given = 0;
        for (int i = 0; i < sizes.length; i++) {
            double exact = (double) wanted * sizes[i] / total;
            shares[i] = (long) Math.floor(exact);
            remainders[i] = exact - shares[i];
            given += shares[i];
        }
        int[] order = IntStream.range(0, sizes.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -remainders[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int i = 0; given < wanted; i++, given++) {
            shares[order[i]]++;
        }
        return shares;
    }

    /** Draws rows of each class, as indices among the rows of the class, ascending. */
    public static long[][] stratified(long[] sizes, long wanted, long seed) {
        long[] shares = allocate(sizes, wanted);
        long[][] places = new long[sizes.length][];
        for (int i = 0; i < sizes.length; i++) {
            places[i] = random(sizes[i], shares[i], Seeds.of(seed, i));
        }
        return places;
    }
}
