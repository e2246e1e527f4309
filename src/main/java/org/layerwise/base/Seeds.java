package org.layerwise.base;

/** Derives the seeds of a task's parts from the seed of the task. */
public final class Seeds {

    private Seeds() {}

    /**
     * Mixes several numbers into one seed (the finaliser of SplitMix64; Steele, Lea and Flood 2014). Random generators
     * with adjacent seeds, above all {@link java.util.Random}, begin with similar numbers; mixed seeds avoid this.
     */
    public static long of(long seed, long... parts) {
        long z = seed;
        for (long part : parts) {
            z += 0x9E3779B97F4A7C15L * (part + 1);
            z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
            z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
            z ^= z >>> 31;
        }
        return z;
    }
}
