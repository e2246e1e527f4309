package org.layerwise.tensor;

/**
 * Device that holds the memory of a tensor and runs its operations.
 *
 * @param kind the processor, or an NVIDIA GPU through CUDA
 * @param index index of the GPU, 0 for the processor
 */
public record Device(Kind kind, int index) {

    /** Kinds of device on which Layerwise uses libtorch. */
    public enum Kind {
        CPU,
        CUDA
    }

    /** CPU of this machine. */
    public static final Device CPU = new Device(Kind.CPU, 0);

    /** Returns the GPU with this index. */
    public static Device cuda(int index) {
        return new Device(Kind.CUDA, index);
    }

    /** Returns the name as in settings and in libtorch: {@code cpu}, {@code cuda:0}. */
    public String id() {
        return kind == Kind.CPU ? "cpu" : "cuda:" + index;
    }

    @Override
    public String toString() {
        return id();
    }
}
