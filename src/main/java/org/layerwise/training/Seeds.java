package org.layerwise.training;

/** Seeds for parts of a training, out of its own. */
final class Seeds {

    private Seeds() {}

    /** One seed out of several numbers, so that neighbours give unlike ones (the finaliser of SplitMix64). */
    static long of(long seed, long... parts) {
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
