package org.layerwise.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Operations of libtorch on its arrays: all that this package asks of native code to compute, to copy and to
 * differentiate goes through here. The program has one implementation, {@link LibTorch}; the tests have another one,
 * which checks the device of every operand (decision 32).
 */
interface NativeOps {

    /** Returns the number of CUDA devices. */
    int gpus();

    /** Returns true if oneDNN multiplies float32 matrices faster than MKL on this processor. */
    boolean isFastInOneDnn();

    /**
     * Calls an operation of {@code ops.py} that returns one tensor.
     *
     * @param arguments arrays, lists of arrays, numbers, flags, names of devices
     */
    PtNDArray call(String operation, Object... arguments);

    /** Calls an operation of {@code ops.py} that returns several tensors. */
    PtNDArray[] callTuple(String operation, Object... arguments);

    /** Calls an operation of {@code ops.py} that returns a list of tensors. */
    PtNDArray[] callList(String operation, Object... arguments);

    /** Calls an operation of {@code ops.py} that returns a whole number. */
    long callLong(String operation, Object... arguments);

    /** Calls an operation of {@code onednn_ops.py}, all of which are for the processor and return one tensor. */
    PtNDArray callOneDnn(String operation, Object... arguments);

    /** Applies one of DJL's operations to an array. */
    PtNDArray apply(Function<PtNDArray, ? extends NDArray> operation, PtNDArray x);

    /** Applies one of DJL's operations to two arrays. */
    PtNDArray apply(BiFunction<PtNDArray, PtNDArray, ? extends NDArray> operation, PtNDArray x, PtNDArray y);

    /** Returns the pieces of an array along the first axis, as views. */
    PtNDArray[] split(PtNDArray x, long size);

    /** Joins arrays along an axis. */
    PtNDArray cat(List<PtNDArray> arrays, int axis);

    /** Makes a leaf collect gradients. */
    void requireGradient(PtNDArray leaf);

    /** Adds the gradients of the weighted sum of an array's elements to the leaves of its graph. */
    void backward(PtNDArray x, PtNDArray weights);

    /** Returns the gradient that a leaf has collected, not a copy. */
    PtNDArray gradient(PtNDArray leaf);

    /** Sets the collected gradient of a leaf to zero. */
    void zeroGradient(PtNDArray leaf);

    /**
     * Returns the memory of a contiguous array on the processor of less than 2 GB. It must not be used after the array
     * is closed.
     */
    ByteBuffer memory(PtNDArray array);
}
