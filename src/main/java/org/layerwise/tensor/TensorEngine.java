package org.layerwise.tensor;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.LibUtils;
import ai.djl.util.cuda.CudaUtils;
import java.lang.management.MemoryUsage;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.file.DiskFullErrors;

/**
 * Engine that runs libtorch in this process: creates tensors, lists the devices and opens scopes. One engine is made at
 * the start of the program and passed to all code that computes. It is thread-safe; scopes and gradient mode are per
 * thread.
 */
public final class TensorEngine {

    /** Maximum number of bytes read at a time: the memory that a conversion needs in addition to its result. */
    private static final long LARGEST_PIECE = 1L << 20;

    private final Engine engine;
    private final PtNDManager manager;
    private final NativeOps ops;
    private final ScopeStack scopes = new ScopeStack();

    private TensorEngine(Engine engine, BiFunction<Engine, PtNDManager, NativeOps> operations) {
        this.engine = engine;
        this.manager = (PtNDManager) engine.newBaseManager(ai.djl.Device.cpu());
        this.manager.setName("layerwise");
        // operations on the module's own constants must not be recorded, on any thread that starts the engine
        this.ops = operations.apply(engine, manager);
    }

    /**
     * Starts libtorch (half a second; some seconds the first time on a machine, when the native libraries are unpacked)
     * and loads the operations. Nothing is sent over the network.
     *
     * @throws UserException if the native libraries cannot be loaded on this machine
     */
    public static TensorEngine start() {
        return start(OptionalInt.empty());
    }

    /**
     * Starts libtorch with a number of threads for one operation on the processor; libtorch chooses if {@code threads}
     * is empty.
     *
     * @throws UserException if the native libraries cannot be loaded on this machine
     */
    public static TensorEngine start(OptionalInt threads) {
        return start(
                threads,
                (engine, manager) -> new LibTorch(engine, manager, TorchScriptOps.source(TorchScriptOps.EVERYWHERE)));
    }

    /** @param operations makes the operations, for libtorch and the manager of the engine's arrays */
    static TensorEngine start(OptionalInt threads, BiFunction<Engine, PtNDManager, NativeOps> operations) {
        threads.ifPresent(number -> System.setProperty("ai.djl.pytorch.num_threads", String.valueOf(number)));
        if (System.getProperty("ai.djl.offline") == null) {
            System.setProperty("ai.djl.offline", "true"); // otherwise DJL reports its use to a server
        }
        try {
            return new TensorEngine(Engine.getEngine("PyTorch"), operations);
        } catch (EngineException | UnsatisfiedLinkError e) {
            if (DiskFullErrors.isCause(e)) {
                throw DiskFullErrors.ofLibraries(System.getProperty("DJL_CACHE_DIR", "the cache"), e);
            }
            throw new UserException(
                    "The PyTorch libraries cannot be loaded on this machine (%s); the log has the details."
                            .formatted(rootMessage(e)),
                    e);
        }
    }

    private static @Nullable String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage();
    }

    /** Returns the version of libtorch. */
    public String version() {
        return engine.getVersion();
    }

    /** Returns the version of DJL; the engine need not run. */
    public static String djlVersion() {
        return Engine.getDjlVersion();
    }

    /**
     * Returns the build of libtorch: {@code cpu}, or the version of CUDA for which DJL's bridge was built, such as
     * {@code cu128}.
     */
    public String flavour() {
        boolean bundled = setting(TorchLibraries.PATH_KEY).isEmpty();
        return bundled ? "cpu" : setting(TorchLibraries.FLAVOUR_KEY).orElse("unknown");
    }

    /** Reads a setting as DJL does: from the environment, otherwise from the system properties. */
    private static Optional<String> setting(String name) {
        return Optional.ofNullable(System.getenv(name)).or(() -> Optional.ofNullable(System.getProperty(name)));
    }

    /** Returns the folder from which libtorch was loaded. */
    public Path libraries() {
        return Path.of(LibUtils.getLibtorchPath());
    }

    /** Returns the version of CUDA's runtime library that was found, such as {@code 12.6}; empty if none was found. */
    public Optional<String> cudaRuntime() {
        try {
            String digits = CudaUtils.getCudaVersionString();
            return Optional.of(digits.substring(0, 2) + "." + digits.substring(2));
        } catch (IllegalStateException e) {
            return Optional.empty(); // DJL throws if it finds no CUDA
        }
    }

    /** Returns the devices of this machine, the processor first. */
    public List<Device> devices() {
        List<Device> devices = new ArrayList<>(List.of(Device.CPU));
        for (int i = 0; i < ops.gpus(); i++) {
            devices.add(Device.cuda(i));
        }
        return List.copyOf(devices);
    }

    /**
     * Returns the device that a setting names.
     *
     * @param name {@code auto} (the first GPU if there is one, otherwise the processor), {@code cpu}, {@code cuda} or
     *     {@code cuda:INDEX}
     * @throws UserException if there is no such device
     */
    public Device device(String name) {
        List<Device> devices = devices();
        String wanted = name.toLowerCase(Locale.ROOT).strip();
        if (wanted.equals("auto")) {
            return devices.get(devices.size() - 1).kind() == Device.Kind.CUDA ? Device.cuda(0) : Device.CPU;
        }
        String full = wanted.equals("cuda") ? "cuda:0" : wanted;
        return devices.stream()
                .filter(device -> device.id().equals(full))
                .findFirst()
                .orElseThrow(() -> new UserException(
                        "There is no device %s here (%s); use auto or cpu; layerwise gpu tells what a GPU needs."
                                .formatted(
                                        name, devices.size() == 1 ? "no CUDA device was found" : "found: " + devices)));
    }

    /** Returns the free memory of a GPU in bytes; empty for the processor, or if CUDA is not available. */
    public OptionalLong freeMemory(Device device) {
        if (device.kind() == Device.Kind.CPU || !CudaUtils.hasCuda()) {
            return OptionalLong.empty();
        }
        MemoryUsage usage = CudaUtils.getGpuMemory(ai.djl.Device.gpu(device.index()));
        return OptionalLong.of(usage.getMax() - usage.getCommitted());
    }

    /** Returns the number of threads that one operation on the processor uses. */
    public int threads() {
        return JniUtils.getNumThreads();
    }

    /**
     * Returns the instruction set that libtorch's kernels use on the processor, such as {@code AVX512}, {@code AVX2} or
     * {@code NO AVX}; empty if libtorch cannot be asked.
     */
    public Optional<String> instructionSet() {
        return InstructionSet.inUse();
    }

    /**
     * Returns true if weights on a device can be {@linkplain Tensor#packed packed}: on processors of the x86-64 kind,
     * where libtorch has oneDNN, except under macOS; float32, and bfloat16 if the processor has units for it.
     */
    public boolean packs(Device device, DType type) {
        return device.kind() == Device.Kind.CPU
                && Processor.hasOneDnn()
                && switch (type) {
                    case F32 -> true;
                    case BF16 -> Processor.HERE.multipliesBf16();
                    default -> false;
                };
    }

    /** Seeds the random numbers of dropout on all devices. */
    public void seed(long seed) {
        JniUtils.setSeed(seed);
    }

    /** Returns the number of tensors whose native memory is held now; used by leak tests. */
    public int liveTensors() {
        return ((BaseNDManager) manager).getManagedArrays().size();
    }

    // --- scopes ---

    /** Opens a scope in which no operation records a graph. */
    public Scope inference() {
        return enter(false);
    }

    /**
     * Opens a scope in which operations on tensors that require gradients record the graph for {@link Tensor#backward}.
     */
    public Scope training() {
        return enter(true);
    }

    /**
     * Opens a scope inside the current scope, with the same gradient mode.
     *
     * @throws IllegalStateException if no scope is open on this thread
     */
    public Scope scope() {
        scopes.current();
        return scopes.enter(() -> {});
    }

    /** Creates an owner of tensors that outlive scopes. */
    public TensorOwner owner() {
        return new TensorOwner();
    }

    // libtorch turns gradients on for every new thread: the mode is always set, and restored when the scope closes
    private Scope enter(boolean gradients) {
        boolean before = JniUtils.isGradMode();
        Scope scope = scopes.enter(() -> JniUtils.setGradMode(before));
        JniUtils.setGradMode(gradients);
        return scope;
    }

    // --- creating tensors, on the processor unless a device is named ---

    /** Creates a float32 tensor of these values in row-major order. */
    public Tensor of(float[] values, long... shape) {
        return copied(FloatBuffer.wrap(values), DataType.FLOAT32, shape);
    }

    /** Creates a float64 tensor of these values in row-major order. */
    public Tensor of(double[] values, long... shape) {
        return copied(DoubleBuffer.wrap(values), DataType.FLOAT64, shape);
    }

    /** Creates an int64 tensor of these values in row-major order. */
    public Tensor of(long[] values, long... shape) {
        return copied(LongBuffer.wrap(values), DataType.INT64, shape);
    }

    /** Creates float32 numbers at equal distances, the first and the last included. */
    public Tensor spaced(float first, float last, int count) {
        return adopt((PtNDArray) manager.linspace(first, last, count, true));
    }

    /** Creates a tensor of zeros. */
    public Tensor zeros(DType dtype, Device device, long... shape) {
        return adopt(ops.call("zeros", shape, dtype.torchCode(), device.id()));
    }

    /** Creates an identity matrix {@code [size, size]}. */
    public Tensor identity(DType dtype, Device device, long size) {
        try (Scope scope = scope()) {
            Tensor lower = zeros(dtype, device, size, size).add(1).tril(0);
            return scope.keep(lower.sub(lower.tril(-1)));
        }
    }

    /**
     * Creates a tensor over bytes in memory, without copying them if it stays on the processor and is not bf16: the
     * bytes of a mapped file are read when they are first used. Such a tensor is read-only.
     *
     * @param bytes little-endian elements in row-major order
     */
    public Tensor ofBytes(ByteBuffer bytes, DType dtype, Device device, long... shape) {
        if (bytes.remaining() != elements(shape) * dtype.bytes()) {
            throw new IllegalArgumentException("%s bytes do not make a tensor of %s %s"
                    .formatted(bytes.remaining(), elements(shape), dtype.fileName()));
        }
        ByteBuffer source = bytes.isDirect() && bytes.alignedSlice(Long.BYTES).remaining() == bytes.remaining()
                ? bytes.slice()
                : aligned(bytes);
        source.order(ByteOrder.nativeOrder());
        DataType direct = DjlTypes.of(dtype);
        PtNDArray view;
        if (direct == null) { // DJL has no name for bf16: a copy of its bits, seen as what they are
            PtNDArray raw = fromBlob(source, dtype.bytes() == 2 ? DataType.FLOAT16 : DataType.UINT8, shape);
            view = ops.call("reinterpret", raw, dtype.torchCode());
            raw.close();
        } else {
            view = fromBlob(source, direct, shape);
        }
        if (device.kind() == Device.Kind.CPU) {
            return adopt(view, source);
        }
        PtNDArray moved = ops.call("to_device", view, device.id());
        view.close();
        return adopt(moved);
    }

    /** Writes the bytes of a tensor, piece by piece. */
    @FunctionalInterface
    public interface Filler {

        /**
         * Writes one piece.
         *
         * @param piece buffer to fill from its position to its limit with little-endian elements in row-major order
         * @param offset offset of the piece in the tensor, in bytes
         */
        void fill(ByteBuffer piece, long offset);
    }

    /**
     * Creates a tensor of any size in new memory, from bytes that are read piece by piece: in addition to the result it
     * needs the memory of one piece at most, even if values are converted or moved to a GPU.
     *
     * @param stored element type of the bytes
     * @param dtype element type of the result
     */
    public Tensor filled(DType stored, DType dtype, Device device, Filler filler, long... shape) {
        return filledInPieces(LARGEST_PIECE, stored, dtype, device, filler, shape);
    }

    Tensor filledInPieces(long largest, DType stored, DType dtype, Device device, Filler filler, long... shape) {
        long elements = elements(shape);
        long most = Math.max(1, Math.min(elements, largest / stored.bytes()));
        boolean inPlace = stored == dtype && device.kind() == Device.Kind.CPU;
        Tensor flat = adopt(empty(dtype, device, elements));
        try (PtNDArray scratch = empty(stored, Device.CPU, inPlace ? 0 : most)) {
            for (long begin = 0; begin < elements; begin += most) {
                long end = Math.min(elements, begin + most);
                try (PtNDArray target = ops.call("slice", flat.array(), 0, begin, end);
                        PtNDArray read = inPlace ? target : ops.call("slice", scratch, 0, 0, end - begin)) {
                    filler.fill(ops.memory(read), begin * stored.bytes());
                    if (!inPlace) {
                        ops.call("upload", target, read).close();
                    }
                }
            }
        }
        return flat.reshape(shape);
    }

    /** Returns a tensor whose elements are not set yet. */
    public Tensor empty(DType dtype, Device device, long... shape) {
        return adopt(empty(dtype, device, elements(shape))).reshape(shape);
    }

    private PtNDArray empty(DType dtype, Device device, long elements) {
        return ops.call("empty", new long[] {elements}, dtype.torchCode(), device.id());
    }

    /**
     * Maps a whole file, of any size, as elements of a type on the processor. The file is read when elements are first
     * used and takes no memory of its own. The tensor and views of it are read-only.
     *
     * @param elements number of elements, at most as many as the file holds
     */
    public Tensor mapFile(Path file, DType dtype, long elements) {
        return adopt(ops.call("map_file", file.toString(), elements, dtype.torchCode()), file);
    }

    /** Joins tensors along an axis. */
    public Tensor cat(List<Tensor> tensors, int axis) {
        return adopt(ops.cat(tensors.stream().map(Tensor::array).toList(), axis));
    }

    /** Returns the only element of each tensor, all read at once: the host waits for the device one time. */
    public double[] items(List<Tensor> scalars) {
        try (Scope scope = scope()) {
            return cat(
                            scalars.stream()
                                    .map(scalar -> scalar.cast(DType.F64).reshape(1))
                                    .toList(),
                            0)
                    .doubles();
        }
    }

    private Tensor copied(Buffer values, DataType type, long... shape) {
        if (values.remaining() != elements(shape)) {
            throw new IllegalArgumentException(
                    "%s values do not fill a tensor of %s".formatted(values.remaining(), elements(shape)));
        }
        // DJL wraps a Java buffer, which must outlive every view of the tensor: copy the values into memory of the
        // tensor instead
        try (PtNDArray wrapped = manager.create(values, new Shape(shape), type)) {
            return adopt(ops.call("clone", wrapped));
        }
    }

    private PtNDArray fromBlob(ByteBuffer bytes, DataType type, long... shape) {
        return JniUtils.createNdFromByteBuffer(
                manager, bytes, new Shape(shape), type, SparseFormat.DENSE, ai.djl.Device.cpu());
    }

    private static ByteBuffer aligned(ByteBuffer bytes) {
        ByteBuffer copy = ByteBuffer.allocateDirect(bytes.remaining());
        copy.put(bytes.slice()).flip();
        return copy;
    }

    private static long elements(long... shape) {
        long count = 1;
        for (long size : shape) {
            count = Math.multiplyExact(count, size);
        }
        return count;
    }

    // --- for the other classes of this package ---

    Tensor adopt(PtNDArray array) {
        return adopt(array, null);
    }

    Tensor adopt(PtNDArray array, @Nullable Object backing) {
        if (!scopes.isOpen()) {
            array.close();
        }
        Tensor tensor = new Tensor(this, array, scopes.current(), backing);
        scopes.current().hold(tensor);
        return tensor;
    }

    NativeOps ops() {
        return ops;
    }

    /** Returns true if products of many rows with a graph keep copies of their input and output, in a form of oneDNN. */
    public boolean keepsCopies(DType type, Device device) {
        return ops.isFastInOneDnn() && LinearKernel.of(type, device, Long.MAX_VALUE) == LinearKernel.ONE_DNN;
    }
}
