package org.layerwise.tensor;

/**
 * Where a tensor's memory lies and its operations run.
 *
 * @param kind the processor, or an NVIDIA GPU through CUDA
 * @param index which GPU, 0 for the processor
 */
public record Device(Kind kind, int index) {

    /** The kinds of device that libtorch is used with here. */
    public enum Kind {
        CPU,
        CUDA
    }

    /** The processor. */
    public static final Device CPU = new Device(Kind.CPU, 0);

    /** The GPU with this index. */
    public static Device cuda(int index) {
        return new Device(Kind.CUDA, index);
    }

    /** The name as in settings and in libtorch: {@code cpu}, {@code cuda:0}. */
    public String id() {
        return kind == Kind.CPU ? "cpu" : "cuda:" + index;
    }

    @Override
    public String toString() {
        return id();
    }
}
