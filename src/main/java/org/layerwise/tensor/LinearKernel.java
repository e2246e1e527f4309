package org.layerwise.tensor;

/**
 * Ways to multiply by a weight. The choice depends on processor, type, device and number of rows alone, never on a
 * measurement at run time, so that the same computation always gives the same bits on a machine; decision 35 has the times
 * behind it.
 */
enum LinearKernel {
    /** libtorch's own choice: MKL for float32 on a processor. */
    PLAIN,
    /** oneDNN, with copies of input and output in its own form. */
    ONE_DNN;

    /** Number of rows from which oneDNN takes about half the time, copies included. */
    private static final long LEAST_ROWS = 256;

    static LinearKernel of(DType type, Device device, long rows) {
        return rows >= LEAST_ROWS && type == DType.F32 && device.kind() == Device.Kind.CPU ? ONE_DNN : PLAIN;
    }
}
