package org.layerwise.study;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Cards that plans are made for: dense 16-bit tensor operations a second, memory, and its bandwidth, as the data sheets of NVIDIA give
 * them. What is reached of it is another matter.
 */
public enum GpuKind {
    V100(125e12, 32L << 30, 0.9e12),
    A100(312e12, 80L << 30, 2.04e12),
    L40S(362e12, 48L << 30, 0.86e12),
    H100(989e12, 80L << 30, 3.35e12),
    H200(989e12, 141L << 30, 4.8e12);

    private final double flops;
    private final long memory;
    private final double bandwidth;

    GpuKind(double flops, long memory, double bandwidth) {
        this.flops = flops;
        this.memory = memory;
        this.bandwidth = bandwidth;
    }

    /** Operations a second. */
    public double flops() {
        return flops;
    }

    /** Bytes. */
    public long memory() {
        return memory;
    }

    /** Bytes a second between memory and processors. */
    public double bandwidth() {
        return bandwidth;
    }

    /** As flags name it. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of that name. */
    public static Optional<GpuKind> of(String id) {
        return Arrays.stream(values())
                .filter(kind -> kind.id().equalsIgnoreCase(id))
                .findFirst();
    }
}
