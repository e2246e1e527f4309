package org.layerwise.tensor;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.DeviceTypes;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.layerwise.tensor.Transfers.Kind;

/**
 * libtorch's operations with one GPU that is not there. An operation on its tensors runs twice, on their values on the processor and
 * on their {@linkplain ShadowedArray shadows}, and fails unless all operands are on one device. Tensors that an operation of {@code
 * ops.py} makes inside itself are found by the shadows, where libtorch compares devices, and by {@code OpsSourceTest}.
 */
final class StrictOps implements NativeOps {

    private static final String GPU = Device.cuda(0).id();
    private static final String META = "meta";

    /** Asks for what every tensor has without a look at its values. */
    private static final Set<String> QUESTIONS = Set.of("dtype_of", "requires_grad");

    /** What libtorch's meta does not compute, or not its gradient (clamp_min, cumulative_sum). */
    static final Set<String> WITHOUT_SHADOW = Set.of(
            "abs",
            "attention",
            "attention_masked",
            "attention_step",
            "clamp_min",
            "conv1d",
            "conv1d_plain",
            "conv2d",
            "cumulative_sum",
            "embedding",
            "index_select",
            "layer_norm",
            "max",
            "relu",
            "solve_positive",
            "solve_unit_lower");

    private static final Set<String> READS = Set.of("to_host", "bits");

    private final NativeOps real;
    private final NativeOps shadows;
    private final PtNDManager manager;
    private final Transfers transfers = new Transfers();

    /**
     * @param real operations for values
     * @param shadows operations for shadows, with a manager of their own, so that leak tests count the same as on the processor
     * @param manager manager of the tensors on the GPU
     */
    StrictOps(NativeOps real, NativeOps shadows, PtNDManager manager) {
        this.real = real;
        this.shadows = shadows;
        this.manager = manager;
    }

    Transfers transfers() {
        return transfers;
    }

    /** Takes MKL for both devices, so that their results have the same bits. */
    @Override
    public boolean isFastInOneDnn() {
        return false;
    }

    @Override
    public int gpus() {
        return 1;
    }

    @Override
    public PtNDArray call(String operation, Object... arguments) {
        if (READS.contains(operation)) {
            return toProcessor(Kind.READ, operation, arguments);
        }
        return switch (operation) {
            case "to_device" -> toDevice(arguments);
            case "upload" -> upload(arguments);
            default ->
                onOneDevice(operation, arguments, (ops, values) -> new PtNDArray[] {ops.call(operation, values)})[0];
        };
    }

    @Override
    public PtNDArray callOneDnn(String operation, Object... arguments) {
        List<PtNDArray> operands =
                Stream.of(arguments).flatMap(StrictOps::arrays).toList();
        require(!isOnGpu(operation, operands), operation, "is for the processor alone");
        return real.callOneDnn(operation, arguments);
    }

    @Override
    public PtNDArray[] callTuple(String operation, Object... arguments) {
        return onOneDevice(operation, arguments, (ops, values) -> ops.callTuple(operation, values));
    }

    @Override
    public PtNDArray[] callList(String operation, Object... arguments) {
        return onOneDevice(operation, arguments, (ops, values) -> ops.callList(operation, values));
    }

    @Override
    public long callLong(String operation, Object... arguments) {
        if (!QUESTIONS.contains(operation)) {
            throw new DeviceFault(
                    "%s returns a number, so it reads values: give it a copy to the host".formatted(operation));
        }
        long answer = real.callLong(operation, arguments);
        if (arguments[0] instanceof ShadowedArray) {
            long ofShadow = shadows.callLong(operation, shadows(arguments));
            require(answer == ofShadow, operation, "is %s, and %s of the shadow".formatted(answer, ofShadow));
        }
        return answer;
    }

    @Override
    public PtNDArray apply(Function<PtNDArray, ? extends NDArray> operation, PtNDArray x) {
        return onOneDevice("an operation of DJL", new Object[] {x}, (ops, values) ->
                new PtNDArray[] {ops.apply(operation, (PtNDArray) values[0])})[0];
    }

    @Override
    public PtNDArray apply(BiFunction<PtNDArray, PtNDArray, ? extends NDArray> operation, PtNDArray x, PtNDArray y) {
        return onOneDevice("an operation of DJL", new Object[] {x, y}, (ops, values) ->
                new PtNDArray[] {ops.apply(operation, (PtNDArray) values[0], (PtNDArray) values[1])})[0];
    }

    @Override
    public PtNDArray[] split(PtNDArray x, long size) {
        return onOneDevice("split", new Object[] {x}, (ops, values) -> ops.split((PtNDArray) values[0], size));
    }

    @Override
    public PtNDArray cat(List<PtNDArray> arrays, int axis) {
        return onOneDevice("cat", arrays.toArray(), (ops, values) -> new PtNDArray[] {
            ops.cat(Stream.of(values).map(PtNDArray.class::cast).toList(), axis)
        })[0];
    }

    @Override
    public void requireGradient(PtNDArray leaf) {
        real.requireGradient(leaf);
        if (leaf instanceof ShadowedArray array) {
            shadows.requireGradient(array.shadow());
        }
    }

    @Override
    public void backward(PtNDArray x, PtNDArray weights) {
        boolean onGpu = isOnGpu("backward", List.of(x, weights));
        real.backward(x, weights);
        if (onGpu) {
            PtNDArray shadow = ((ShadowedArray) x).shadow();
            onShadow("backward", () -> {
                shadows.backward(shadow, ((ShadowedArray) weights).shadow());
                return shadow;
            });
        }
    }

    @Override
    public PtNDArray gradient(PtNDArray leaf) {
        PtNDArray values = real.gradient(leaf);
        return leaf instanceof ShadowedArray array
                ? joined("gradient", values, onShadow("gradient", () -> shadows.gradient(array.shadow())))
                : values;
    }

    @Override
    public void zeroGradient(PtNDArray leaf) {
        real.zeroGradient(leaf);
        if (leaf instanceof ShadowedArray array) {
            shadows.zeroGradient(array.shadow());
        }
    }

    @Override
    public ByteBuffer memory(PtNDArray array) {
        if (array instanceof ShadowedArray) {
            throw new DeviceFault("the memory of a GPU is used as the host's");
        }
        return real.memory(array);
    }

    // --- copies between devices, which alone may mix them ---

    private PtNDArray toProcessor(Kind kind, String operation, Object... arguments) {
        if (arguments[0] instanceof ShadowedArray) {
            transfers.add(kind);
        }
        return real.call(operation, arguments);
    }

    private PtNDArray toDevice(Object... arguments) {
        PtNDArray x = (PtNDArray) arguments[0];
        boolean toGpu = arguments[1].equals(GPU);
        if (toGpu == x instanceof ShadowedArray) {
            return onOneDevice(
                    "to_device", arguments, (ops, values) -> new PtNDArray[] {ops.call("to_device", values)})[0];
        }
        require(
                !JniUtils.isGradMode() || real.callLong("requires_grad", x) == 0,
                "to_device",
                "takes a graph to another device, which the shadows cannot follow");
        // between devices every result has memory of its own
        if (!toGpu) {
            return toProcessor(Kind.TO_CPU, "clone", x);
        }
        transfers.add(Kind.TO_GPU);
        return joined("to_device", real.call("clone", x), shadows.call("to_device", x, META));
    }

    private PtNDArray upload(Object... arguments) {
        if (arguments[1] instanceof ShadowedArray) {
            throw new DeviceFault("upload copies from the processor, not from a GPU");
        }
        PtNDArray result = real.call("upload", arguments);
        if (!(arguments[0] instanceof ShadowedArray)) {
            return result;
        }
        transfers.add(Kind.TO_GPU);
        return joined("upload", result, shadows.call("upload", shadows(arguments)));
    }

    // --- everything else ---

    private PtNDArray[] onOneDevice(
            String operation, Object[] arguments, BiFunction<NativeOps, Object[], PtNDArray[]> run) {
        List<PtNDArray> operands =
                Stream.of(arguments).flatMap(StrictOps::arrays).toList();
        boolean named = List.of(arguments).contains(GPU);
        boolean onGpu = operands.isEmpty() ? named : isOnGpu(operation, operands);
        PtNDArray[] values = run.apply(real, on(Device.CPU.id(), arguments));
        if (!onGpu) {
            return values;
        }
        try {
            PtNDArray[] ofShadows = WITHOUT_SHADOW.contains(operation)
                    ? new PtNDArray[] {standIn(values[0], operands)}
                    : onShadow(operation, () -> run.apply(shadows, shadows(arguments)));
            require(values.length == ofShadows.length, operation, "returns another number of shadows");
            PtNDArray[] results = new PtNDArray[values.length];
            for (int i = 0; i < values.length; i++) {
                results[i] = joined(operation, values[i], ofShadows[i]);
            }
            return results;
        } catch (DeviceFault e) {
            for (PtNDArray value : values) {
                value.close();
            }
            throw e;
        }
    }

    /** A shadow of a result that depends on all operands, by other operations. */
    private PtNDArray standIn(PtNDArray result, List<PtNDArray> operands) {
        PtNDArray sum = null;
        for (PtNDArray operand : operands) {
            PtNDArray next =
                    shadows.apply((Function<PtNDArray, NDArray>) PtNDArray::sum, ((ShadowedArray) operand).shadow());
            if (sum == null) {
                sum = next;
            } else {
                try (PtNDArray before = sum;
                        PtNDArray other = next) {
                    sum = shadows.apply((x, y) -> x.add(y), before, other);
                }
            }
        }
        try (PtNDArray scalar = Objects.requireNonNull(sum);
                PtNDArray wide =
                        shadows.call("expand", scalar, result.getShape().getShape())) {
            return shadows.call("contiguous", wide);
        }
    }

    private static <T> T onShadow(String operation, Supplier<T> run) {
        try {
            return run.get();
        } catch (EngineException e) {
            throw new DeviceFault(
                    "the shadows refuse %s, which mixes devices inside or is not for them: %s"
                            .formatted(operation, e.getMessage()),
                    e);
        }
    }

    private ShadowedArray joined(String operation, PtNDArray values, PtNDArray shadow) {
        try {
            require(DeviceTypes.isMeta(shadow), operation, "gives a result on the processor, not on " + GPU);
            require(
                    values.getShape().equals(shadow.getShape()),
                    operation,
                    "gives %s, and a shadow of %s".formatted(values.getShape(), shadow.getShape()));
            require(
                    real.callLong("dtype_of", values) == shadows.callLong("dtype_of", shadow),
                    operation,
                    "gives another type than its shadow");
        } catch (DeviceFault e) {
            shadow.close();
            throw e;
        }
        return new ShadowedArray(manager, values, shadow);
    }

    /** True for operands on the GPU, false for operands on the processor. */
    private static boolean isOnGpu(String operation, List<PtNDArray> operands) {
        long there = operands.stream().filter(ShadowedArray.class::isInstance).count();
        if (there > 0 && there < operands.size()) {
            throw new DeviceFault("%s mixes devices: %s"
                    .formatted(
                            operation,
                            operands.stream()
                                    .map(operand -> "%s on %s"
                                            .formatted(
                                                    Arrays.toString(
                                                            operand.getShape().getShape()),
                                                    operand instanceof ShadowedArray ? GPU : Device.CPU))
                                    .toList()));
        }
        return there > 0;
    }

    private static Stream<PtNDArray> arrays(Object argument) {
        return argument instanceof List<?> list
                ? list.stream().map(PtNDArray.class::cast)
                : Stream.of(argument).filter(PtNDArray.class::isInstance).map(PtNDArray.class::cast);
    }

    private static Object[] on(String device, Object... arguments) {
        return Stream.of(arguments)
                .map(argument -> argument.equals(GPU) ? device : argument)
                .toArray();
    }

    private static Object[] shadows(Object... arguments) {
        List<Object> all = new ArrayList<>();
        for (Object argument : on(META, arguments)) {
            if (argument instanceof ShadowedArray array) {
                all.add(array.shadow());
            } else if (argument instanceof List<?> list) {
                all.add(list.stream()
                        .map(one -> one instanceof ShadowedArray array ? array.shadow() : Objects.requireNonNull(one))
                        .toList());
            } else {
                all.add(argument);
            }
        }
        return all.toArray();
    }

    private static void require(boolean holds, String operation, String otherwise) {
        if (!holds) {
            throw new DeviceFault(operation + " " + otherwise);
        }
    }
}
