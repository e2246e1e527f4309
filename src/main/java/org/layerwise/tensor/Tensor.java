package org.layerwise.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Array of numbers in native memory, on one device. Operations return new tensors, which belong to the innermost open
 * scope of the calling thread; they record the graph for {@link #backward} if the scope was opened with
 * {@link TensorEngine#training()} and an operand requires gradients. Shapes broadcast as in PyTorch.
 *
 * <p>The file is long because it is the vocabulary: every operation that the other packages may use, one line each.
 */
public final class Tensor {

    /** Number of rows of the products for which weights are packed; products of other sizes gain nearly as much. */
    private static final int PACKED_FOR = 16;

    private final TensorEngine engine;
    private final PtNDArray array;
    /**
     * Java memory under this tensor or under the tensor of which this is a view; read-only, and alive as long as this
     * tensor.
     */
    private final @Nullable Object backing;

    private TensorHolder holder;
    private @Nullable DType dtype;
    private boolean packed;

    Tensor(TensorEngine engine, PtNDArray array, TensorHolder holder, @Nullable Object backing) {
        this.engine = engine;
        this.array = array;
        this.holder = holder;
        this.backing = backing;
    }

    // --- properties ---

    /** Returns the sizes of all axes. */
    public long[] shape() {
        return array.getShape().getShape().clone();
    }

    /** Returns the size of an axis; negative axes count from the last. */
    public long size(int axis) {
        Shape shape = array.getShape();
        return shape.get(axis < 0 ? shape.dimension() + axis : axis);
    }

    /** Returns the number of axes. */
    public int rank() {
        return array.getShape().dimension();
    }

    /** Returns the number of elements. */
    public long elements() {
        return array.getShape().size();
    }

    /** Returns the element type. */
    public DType dtype() {
        if (dtype == null) {
            DType known = DjlTypes.from(array.getDataType());
            dtype = known != null ? known : DType.ofTorchCode(engine.ops().callLong("dtype_of", array));
        }
        return dtype;
    }

    /** Returns the device that holds this tensor. */
    public Device device() {
        ai.djl.Device device = array.getDevice();
        return device.isGpu() ? Device.cuda(device.getDeviceId()) : Device.CPU;
    }

    // --- arithmetic, element by element ---

    public Tensor add(Tensor other) {
        Tensor sum = apply(PtNDArray::add, other);
        return dtype == other.dtype ? alike(sum) : sum;
    }

    public Tensor add(double number) {
        return call("add_scalar", array, number);
    }

    public Tensor sub(Tensor other) {
        return apply(PtNDArray::sub, other);
    }

    public Tensor mul(Tensor other) {
        return apply(PtNDArray::mul, other);
    }

    public Tensor mul(double number) {
        return call("mul_scalar", array, number);
    }

    public Tensor div(Tensor other) {
        return apply(PtNDArray::div, other);
    }

    /** Returns {@code base} to the power of each element. */
    public Tensor powerOf(double base) {
        return call("scalar_pow", base, array);
    }

    public Tensor neg() {
        return apply(PtNDArray::neg);
    }

    public Tensor abs() {
        return call("abs", array);
    }

    public Tensor square() {
        return apply(PtNDArray::square);
    }

    public Tensor sqrt() {
        return apply(PtNDArray::sqrt);
    }

    /** Returns {@code 1 / sqrt(x)}, element by element. */
    public Tensor rsqrt() {
        return call("rsqrt", array);
    }

    public Tensor exp() {
        return apply(PtNDArray::exp);
    }

    public Tensor tanh() {
        return apply(PtNDArray::tanh);
    }

    /** Returns the larger of the two values at each position. */
    public Tensor maximum(Tensor other) {
        return call("maximum", array, other.array);
    }

    public Tensor clampMin(double least) {
        return call("clamp_min", array, least);
    }

    /** Returns a bool tensor that is true at elements greater than {@code number}. */
    public Tensor greaterThan(double number) {
        return call("greater_than", array, number);
    }

    /** Returns the lower triangle of the last two axes, with zeros above the given diagonal. */
    public Tensor tril(int diagonal) {
        return call("tril", array, diagonal);
    }

    // --- sums ---

    /** Returns the sum of all elements, a scalar. */
    public Tensor sum() {
        return apply(PtNDArray::sum);
    }

    public Tensor sum(int axis, boolean keepAxis) {
        return call("sum_axis", array, axis, keepAxis);
    }

    /** Returns the sums of the elements up to and including each one, along an axis. */
    public Tensor cumulativeSum(int axis) {
        return call("cumulative_sum", array, axis);
    }

    /** Returns the mean of all elements, a scalar. */
    public Tensor mean() {
        return apply(PtNDArray::mean);
    }

    public Tensor mean(int axis, boolean keepAxis) {
        return call("mean_axis", array, axis, keepAxis);
    }

    /** Returns the largest element, a scalar. */
    public Tensor max() {
        return call("max", array);
    }

    /** Returns the Euclidean norm of all elements, a scalar. */
    public Tensor norm() {
        return call("norm", array);
    }

    /** Returns the index (int64) of the largest element along an axis; the result lacks that axis. */
    public Tensor argmax(int axis) {
        return call("argmax", array, axis);
    }

    // --- shapes; the results may be views ---

    /** Returns the elements in another shape; one size may be -1. */
    public Tensor reshape(long... shape) {
        return view(engine.ops().apply(x -> JniUtils.reshape(x, shape), array));
    }

    /** Returns the transposed matrix; with more than two axes, swaps the last two. */
    public Tensor transpose() {
        int last = rank() - 1;
        return view(engine.ops().apply(x -> x.swapAxes(last - 1, last), array));
    }

    /** Returns elements {@code begin} to {@code end} (exclusive) of an axis. */
    public Tensor slice(int axis, long begin, long end) {
        return view(engine.ops().call("slice", array, axis, begin, end));
    }

    /** Returns one element of an axis; the result lacks that axis. */
    public Tensor select(int axis, long index) {
        return view(engine.ops().call("select", array, axis, index));
    }

    /** Repeats axes of size 1 without copying; a size of -1 leaves an axis as it is. */
    public Tensor expand(long... shape) {
        return view(engine.ops().call("expand", array, shape));
    }

    /** Returns the elements of an axis at the indices {@code index} (int64, one axis). */
    public Tensor indexSelect(int axis, Tensor index) {
        return call("index_select", array, axis, index.array);
    }

    /** Computes PyTorch's {@code gather}: {@code index} (int64) has the rank of this tensor. */
    public Tensor gather(int axis, Tensor index) {
        return call("gather", array, axis, index.array);
    }

    /**
     * Returns this tensor with the slices at the indices {@code index} (int64, one axis) of an axis replaced by
     * {@code source}.
     */
    public Tensor indexCopy(int axis, Tensor index, Tensor source) {
        return call("index_copy", array, axis, index.array, source.array);
    }

    /** Reshapes {@code [batch, sequence, heads * d]} to {@code [batch, heads, sequence, d]}. */
    public Tensor splitHeads(int heads) {
        return view(engine.ops().call("split_heads", array, heads));
    }

    /** Reshapes {@code [batch, heads, sequence, d]} to {@code [batch, sequence, heads * d]}. */
    public Tensor joinHeads() {
        return view(engine.ops().call("join_heads", array));
    }

    /** Repeats each head: {@code [batch, heads, sequence, d]} to {@code [batch, heads * times, sequence, d]}. */
    public Tensor repeatHeads(int times) {
        return times == 1 ? this : view(engine.ops().call("repeat_heads", array, times));
    }

    // --- types, devices, copies; gradients pass through all of them except detach ---

    public Tensor cast(DType type) {
        return type == dtype() ? this : view(engine.ops().call("cast", array, type.torchCode()));
    }

    /**
     * Returns the values of bytes (uint8) that encode 8-bit floats, in float32.
     *
     * @param encoding {@link DType#F8_E4M3}, {@link DType#F8_E5M2} or {@link DType#F8_E8M0}
     */
    public Tensor float8(DType encoding) {
        return call("float8", array, encoding.torchCode());
    }

    public Tensor to(Device device) {
        return device.equals(device()) ? this : call("to_device", array, device.id());
    }

    /** Returns a copy in new memory. */
    public Tensor copy() {
        return call("clone", array);
    }

    /** Returns the elements in row-major order in memory. */
    public Tensor contiguous() {
        return view(engine.ops().call("contiguous", array));
    }

    /** Returns the values without the graph: no gradient flows back through the result. */
    public Tensor detach() {
        return view(engine.ops().call("detach", array));
    }

    // --- layers ---

    /** Computes the matrix product over the last two axes. */
    public Tensor matmul(Tensor other) {
        return apply(PtNDArray::matMul, other);
    }

    /**
     * Computes {@code x W^T + b}, with {@code W [out, in]}.
     *
     * @throws IllegalStateException if the weight is {@link #packed} and a graph would be recorded
     */
    public Tensor linear(Tensor weight, @Nullable Tensor bias) {
        if (weight.packed) {
            requireNoGraph();
            return byOneDnn("linear", weight, bias);
        }
        if (isFastInOneDnn()) {
            return linearByOneDnn(weight, bias);
        }
        return alike(
                bias == null
                        ? call("linear", array, weight.array)
                        : call("linear_bias", array, weight.array, bias.array));
    }

    /** Computes {@link #linear} by oneDNN, with a graph where one is recorded. */
    Tensor linearByOneDnn(Tensor weight, @Nullable Tensor bias) {
        return byOneDnn("dense_linear", weight, bias);
    }

    private Tensor byOneDnn(String operation, Tensor weight, @Nullable Tensor bias) {
        return alike(
                bias == null
                        ? callOneDnn(operation, array, weight.array)
                        : callOneDnn(operation + "_bias", array, weight.array, bias.array));
    }

    private boolean isFastInOneDnn() {
        return engine.ops().isFastInOneDnn()
                && LinearKernel.of(dtype(), device(), elements() / size(-1)) == LinearKernel.ONE_DNN;
    }

    /**
     * Returns a copy of this weight {@code [out, in]} in the order in which oneDNN's products read it, which makes
     * products of few rows faster. The copy serves {@link #linear} and nothing else, and never a graph: libtorch would
     * drop the gradients without an error.
     *
     * @throws UnsupportedOperationException if the device {@linkplain TensorEngine#packs does not pack} this type
     */
    public Tensor packed() {
        if (!engine.packs(device(), dtype())) {
            throw new UnsupportedOperationException("weights are not packed on this device");
        }
        Tensor copy = callOneDnn("pack", array, PACKED_FOR);
        copy.packed = true;
        return copy;
    }

    /** Returns a weight with its elements in rows: itself, or a copy if it is {@link #packed}. */
    public Tensor unpacked() {
        return packed ? callOneDnn("unpack", array) : this;
    }

    /** Returns true if this is a weight that {@link #packed} made. */
    public boolean isPacked() {
        return packed;
    }

    /**
     * Computes {@code down(activation(gate(x)) up(x))} with {@link #packed} weights without biases.
     *
     * @param activation name of the activation in oneDNN
     * @param algorithm variant of the activation, or an empty text
     * @throws IllegalStateException if a graph would be recorded
     */
    public Tensor gated(Tensor gate, Tensor up, Tensor down, String activation, String algorithm) {
        requireNoGraph();
        return alike(callOneDnn("gated", array, gate.array, up.array, down.array, activation, algorithm));
    }

    private static void requireNoGraph() {
        if (JniUtils.isGradMode()) {
            throw new IllegalStateException("a packed weight passes no gradients on: load the weights plain to train");
        }
    }

    /**
     * Returns pieces along the first axis. Their gradients flow back in one step, while those of slices would each take
     * a tensor of the whole size.
     *
     * @param size size of a piece along the first axis, which must be a multiple of it
     */
    public List<Tensor> split(long size) {
        return views(engine.ops().split(array, size));
    }

    /**
     * Returns pieces along an axis, whose gradients flow back in one step as those of {@link #split(long)}.
     *
     * @param sizes sizes of the pieces along the axis, which add up to its size
     */
    public List<Tensor> split(int axis, long... sizes) {
        return views(engine.ops().callList("split_with_sizes", array, sizes, axis));
    }

    private List<Tensor> views(PtNDArray... pieces) {
        return Arrays.stream(pieces).map(this::view).toList();
    }

    /**
     * Computes the product of each matrix {@code [r, d]} and this tensor {@code [..., d]} transposed,
     * {@code [r, tokens]}, as one product.
     */
    public List<Tensor> thinProducts(List<Tensor> matrices) {
        List<PtNDArray> arrays = matrices.stream().map(Tensor::array).toList();
        long[] ranks = matrices.stream().mapToLong(matrix -> matrix.size(0)).toArray();
        return Arrays.stream(engine.ops().callList("thin_products", array, arrays, ranks))
                .map(engine::adopt)
                .toList();
    }

    /**
     * Computes {@code x W^T + b + scale * P^T B^T}, with {@code W [out, in]}.
     *
     * @param product P, {@code [r, tokens]}: a {@linkplain #thinProducts thin product} of this tensor
     * @param b B, {@code [out, r]}
     */
    public Tensor linearLowRank(Tensor weight, @Nullable Tensor bias, Tensor product, Tensor b, double scale) {
        long[] shape = shape();
        shape[shape.length - 1] = weight.size(0);
        // in rows before and not after: a graph copies the gradient of a view that was changed in place
        Tensor mapped = reshape(-1, size(-1)).linear(weight, bias);
        return alike(call("with_low_rank", mapped.array, product.array, b.array, scale, shape));
    }

    /**
     * Computes {@code this + scale * (x A^T) B^T}, with this tensor {@code [..., out]}, {@code A [r, in]} and
     * {@code B [out, r]}.
     */
    public Tensor addLowRank(Tensor x, Tensor a, Tensor b, double scale) {
        return call("low_rank", array, x.array, a.array, b.array, scale);
    }

    /**
     * Returns x of {@code A x = b}, with this tensor as A {@code [..., n, n]}, of which only the elements below the
     * diagonal count; those on it are taken as 1.
     *
     * @param b right-hand side, {@code [..., n, m]}
     */
    public Tensor solveUnitLower(Tensor b) {
        return call("solve_unit_lower", array, b.array);
    }

    /** Returns the rows of this table {@code [vocabulary, d]} for {@code ids} (int64, any shape). */
    public Tensor embedding(Tensor ids) {
        return call("embedding", array, ids.array);
    }

    /** Computes layer normalisation over the last axis. */
    public Tensor layerNorm(Tensor weight, Tensor bias, double epsilon) {
        return call("layer_norm", array, weight.array, bias.array, epsilon);
    }

    /** Computes root-mean-square normalisation over the last axis in the type of the weight; the result has the type of this tensor. */
    public Tensor rmsNorm(Tensor weight, double epsilon) {
        return alike(call("rms_norm", array, weight.array, epsilon));
    }

    public Tensor softmax(int axis) {
        return call("softmax", array, axis);
    }

    public Tensor logSoftmax(int axis) {
        return call("log_softmax", array, axis);
    }

    /** Computes {@code x Phi(x)}, exactly. */
    public Tensor gelu() {
        return call("gelu", array);
    }

    /** Computes GELU in its tanh approximation. */
    public Tensor geluTanh() {
        return call("gelu_tanh", array);
    }

    /** Computes {@code x sigmoid(1.702 x)}. */
    public Tensor quickGelu() {
        return call("quick_gelu", array);
    }

    /** Computes {@code x sigmoid(x)}. */
    public Tensor silu() {
        return call("silu", array);
    }

    public Tensor sigmoid() {
        return call("sigmoid", array);
    }

    /** Computes {@code log(1 + exp(x))}. */
    public Tensor softplus() {
        return call("softplus", array);
    }

    public Tensor relu() {
        return call("relu", array);
    }

    /** Zeroes elements with this probability and scales the rest; returns this tensor if the probability is 0. */
    public Tensor dropout(double probability) {
        return probability == 0 ? this : call("dropout", array, probability);
    }

    /**
     * Computes scaled dot-product attention, with this tensor as the queries {@code [batch, heads, sequence, d]}: by
     * libtorch's fused operation, or by products and a softmax where that is faster.
     *
     * @param mask added to the scores, or bool (true: attend); broadcast to {@code [batch, heads, sequence, sequence]};
     *     null for no mask
     * @param dropout dropout probability of the attention probabilities
     * @param scale factor of the scores, usually {@code 1 / sqrt(d)}
     */
    public Tensor attention(Tensor keys, Tensor values, @Nullable Tensor mask, double dropout, double scale) {
        if (byProducts(keys) && (mask == null || mask.dtype() != DType.BOOL)) {
            return mask == null
                    ? call("attention_products", array, keys.array, values.array, dropout, scale)
                    : call("attention_products_masked", array, keys.array, values.array, mask.array, dropout, scale);
        }
        return mask == null
                ? call("attention", array, keys.array, values.array, dropout, false, scale)
                : call("attention_masked", array, keys.array, values.array, mask.array, dropout, scale);
    }

    /** Computes scaled dot-product attention in which each position attends to itself and to earlier positions. */
    public Tensor causalAttention(Tensor keys, Tensor values, double dropout, double scale) {
        return byProducts(keys)
                ? call("attention_products_causal", array, keys.array, values.array, dropout, scale)
                : call("attention", array, keys.array, values.array, dropout, true, scale);
    }

    private boolean byProducts(Tensor keys) {
        return AttentionKernel.of(dtype(), device(), keys.size(2)) == AttentionKernel.PRODUCTS;
    }

    /**
     * Computes attention of one token per row, with this tensor as its queries, and writes its key and value to the cache
     * first.
     *
     * @param own key and value, in any shape with rows as the first axis; empty if they are in the cache already
     * @param angles cosines and sines as for {@link #rotary}, and perhaps a factor of the queries; empty to turn nothing
     * @param keys keys of the cache, {@code [rows, key heads, capacity, d]}
     * @param values values of the cache
     * @param places indices of the tokens in the cache, {@code [rows, 1, 1, 1]}
     * @param mask added to the scores; null for no mask
     * @param begin first key that a token may see
     * @param end index after the last key
     * @return {@code [rows, 1, heads * d]}
     */
    public Tensor attentionStep(
            List<Tensor> own,
            List<Tensor> angles,
            Tensor keys,
            Tensor values,
            Tensor places,
            @Nullable Tensor mask,
            long begin,
            long end,
            double scale) {
        return alike(call(
                "attention_step",
                array,
                arrays(own),
                arrays(angles),
                keys.writable(),
                values.writable(),
                places.array,
                arrays(mask == null ? List.of() : List.of(mask)),
                begin,
                end,
                scale));
    }

    private static List<PtNDArray> arrays(List<Tensor> tensors) {
        return tensors.stream().map(Tensor::array).toList();
    }

    /**
     * Rotates queries or keys {@code [batch, heads, sequence, d]} by angles: element i of the first half and element i
     * of the second half are a pair.
     *
     * @param cos cosines of the angles, {@code [sequence, d]}, with equal halves
     * @param sin sines of the angles, {@code [sequence, d]}; those of the first half are negated
     */
    public Tensor rotary(Tensor cos, Tensor sin) {
        return call("rotary", array, cos.array, sin.array);
    }

    /** Computes the convolution of {@code [batch, in, length]} with {@code weight [out, in / groups, width]}. */
    public Tensor conv1d(Tensor weight, Tensor bias, int padding, int groups) {
        return call("conv1d", array, weight.array, bias.array, padding, groups);
    }

    /** Computes the convolution of {@code [batch, in, length]} without padding and bias. */
    public Tensor conv1d(Tensor weight, int groups) {
        return call("conv1d_plain", array, weight.array, groups);
    }

    /**
     * Computes the convolution of {@code [batch, in, height, width]} with {@code weight [out, in, h, w]} and this
     * {@code stride}.
     */
    public Tensor conv2d(Tensor weight, int stride) {
        return call("conv2d", array, weight.array, stride);
    }

    // --- losses, scalars ---

    /**
     * Computes the mean cross-entropy of logits {@code [n, classes]} and labels {@code [n]} (int64); rows labelled -100
     * do not count.
     */
    public Tensor crossEntropy(Tensor labels) {
        return crossEntropy(labels, 0);
    }

    /**
     * Computes the mean cross-entropy with label smoothing: a share {@code smoothing} of each label is spread evenly
     * over all classes (Szegedy et al., arXiv 1512.00567, section 7).
     */
    public Tensor crossEntropy(Tensor labels, double smoothing) {
        return call("cross_entropy", array, labels.array, smoothing);
    }

    /** Computes the mean squared difference. */
    public Tensor meanSquaredError(Tensor other) {
        return call("mse_loss", array, other.array);
    }

    // --- gradients ---

    /** Makes this tensor (a leaf, such as a weight) collect gradients. */
    public Tensor requireGradient() {
        if (backing != null) {
            throw new IllegalStateException("a read-only tensor cannot be trained: copy it first");
        }
        engine.ops().requireGradient(array);
        return this;
    }

    /**
     * Returns true if gradients reach this tensor: it is a leaf that collects them, or was computed from such a leaf
     * with a graph.
     */
    public boolean requiresGradient() {
        // DJL's own method detects leaves only
        return engine.ops().callLong("requires_grad", array) == 1;
    }

    /**
     * Adds the gradients of this scalar to every leaf of its graph that requires them, and frees the graph.
     *
     * @throws IllegalStateException if this tensor has more than one element
     */
    public void backward() {
        if (elements() != 1) {
            throw new IllegalStateException("backward starts at a scalar, not at " + Arrays.toString(shape()));
        }
        try (PtNDArray one = engine.ops().call("ones_like", array)) {
            engine.ops().backward(array, one);
        }
    }

    /**
     * Adds the gradients of the weighted sum of this tensor's elements to every leaf of its graph that requires them.
     * The tensor may have any shape and lie in the middle of a computation, so that a chain of graphs can be followed
     * piece by piece.
     *
     * @param weights weights of the shape of this tensor: the gradient of the final result with respect to this tensor
     * @throws IllegalStateException if the shapes differ
     */
    public void backward(Tensor weights) {
        if (!Arrays.equals(shape(), weights.shape())) {
            throw new IllegalStateException(
                    "%s needs a weight an element, not %s".formatted(this, Arrays.toString(weights.shape())));
        }
        engine.ops().backward(array, weights.array);
    }

    /**
     * Returns the gradient that {@link #backward} has collected; it is not a copy, so a change of it reaches the
     * optimiser.
     */
    public Tensor gradient() {
        return engine.adopt(engine.ops().gradient(array));
    }

    /** Sets the collected gradient to zero. */
    public void zeroGradient() {
        engine.ops().zeroGradient(array);
    }

    // --- in place: only inside TensorEngine.inference(), where no graph is recorded ---

    /** Overwrites the elements. */
    public void assign(Tensor values) {
        engine.ops().call("assign", writable(), values.array).close();
    }

    /**
     * Overwrites the elements at the indices {@code index} (int64) along an axis.
     *
     * @param index indices with the rank of {@code values}; along every axis its size is that of {@code values}, or 1
     */
    public void scatterInPlace(int axis, Tensor index, Tensor values) {
        engine.ops()
                .call("scatter_in_place", writable(), axis, index.array, values.array)
                .close();
    }

    /** Computes {@code this += scale * values}. */
    public void addInPlace(Tensor values, double scale) {
        engine.ops().call("add_in_place", writable(), values.array, scale).close();
    }

    /** Computes {@code this *= factor}. */
    public void scaleInPlace(double factor) {
        engine.ops().call("scale_in_place", writable(), factor).close();
    }

    // --- values, copied to the host; these methods wait for the device ---

    /** Returns all elements as floats, in row-major order. */
    public float[] floats() {
        try (PtNDArray values = onHost(DType.F32)) {
            return values.toFloatArray();
        }
    }

    /** Returns all elements as doubles, in row-major order. */
    public double[] doubles() {
        try (PtNDArray values = onHost(DType.F64)) {
            return values.toDoubleArray();
        }
    }

    /** Returns all elements as whole numbers, in row-major order. */
    public long[] longs() {
        try (PtNDArray values = onHost(DType.I64)) {
            return values.toLongArray();
        }
    }

    /** Returns all elements with their bits unchanged, little-endian and in row-major order: at most 2 GB. */
    public ByteBuffer bytes() {
        try (PtNDArray bits = engine.ops().call("bits", array)) {
            return bits.toByteBuffer();
        }
    }

    /**
     * Returns the memory of a contiguous tensor on the processor of less than 2 GB, to read it. It must not be used after the
     * tensor is freed.
     */
    public ByteBuffer memory() {
        return engine.ops().memory(array).asReadOnlyBuffer();
    }

    /**
     * Returns the only element.
     *
     * @throws IllegalStateException if this tensor does not have exactly one element
     */
    public double item() {
        if (elements() != 1) {
            throw new IllegalStateException(
                    "only a tensor of one element has an item, not " + Arrays.toString(shape()));
        }
        return doubles()[0];
    }

    @Override
    public String toString() {
        return array.isReleased()
                ? "Tensor(freed)"
                : "Tensor(%s %s %s)".formatted(dtype().fileName(), Arrays.toString(shape()), device());
    }

    // --- for the other classes of this package ---

    PtNDArray array() {
        return array;
    }

    PtNDArray writable() {
        if (backing != null) {
            throw new IllegalStateException("a tensor over a mapped file is read-only: copy it first");
        }
        if (JniUtils.isGradMode()) {
            throw new IllegalStateException("tensors are changed in place only inside TensorEngine.inference()");
        }
        return array;
    }

    TensorEngine engine() {
        return engine;
    }

    TensorHolder holder() {
        return holder;
    }

    void moveTo(TensorHolder other) {
        if (holder != other) {
            holder = other;
            other.hold(this);
        }
    }

    void free() {
        array.close();
    }

    private PtNDArray onHost(DType type) {
        return engine.ops().call("to_host", array, type.torchCode());
    }

    private Tensor apply(Function<PtNDArray, ? extends NDArray> operation) {
        return engine.adopt(engine.ops().apply(operation, array));
    }

    private Tensor apply(BiFunction<PtNDArray, PtNDArray, ? extends NDArray> operation, Tensor other) {
        return engine.adopt(engine.ops().apply(operation, array, other.array));
    }

    // views share memory with this tensor, so they keep its backing alive
    private Tensor view(PtNDArray result) {
        return engine.adopt(result, backing);
    }

    /** Notes that a result has the type of this tensor, since asking libtorch costs a call. */
    private Tensor alike(Tensor result) {
        result.dtype = dtype;
        return result;
    }

    private Tensor callOneDnn(String operation, Object... arguments) {
        return engine.adopt(engine.ops().callOneDnn(operation, arguments));
    }

    private Tensor call(String operation, Object... arguments) {
        return engine.adopt(engine.ops().call(operation, arguments));
    }
}
