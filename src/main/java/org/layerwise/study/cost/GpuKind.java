package org.layerwise.study.cost;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * GPU models that costs can be estimated for, with dense 16-bit tensor operations per second, memory and memory
 * bandwidth from the data sheets of NVIDIA. A training reaches only a part of these values.
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

    /** Returns the operations per second. */
    public double flops() {
        return flops;
    }

    /** Returns the memory in bytes. */
    public long memory() {
        return memory;
    }

    /** Returns the memory bandwidth in bytes per second. */
    public double bandwidth() {
        return bandwidth;
    }

    /** Returns the name in flags. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the kind with a given name; empty if there is none. */
    public static Optional<GpuKind> of(String id) {
        return Arrays.stream(values())
                .filter(kind -> kind.id().equalsIgnoreCase(id))
                .findFirst();
    }
}
