package org.layerwise.tensor;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.TorchScriptCalls;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Operations of the libtorch in this process: those of {@code ops.py}, of oneDNN, and DJL's own. */
final class LibTorch implements NativeOps {

    private final Engine engine;
    private final PtNDManager manager;
    private final TorchScriptOps script;
    private final boolean fastInOneDnn;
    private @Nullable TorchScriptOps oneDnn;

    /**
     * @param manager manager under which those of the results of operations in TorchScript are made
     * @param source operations in TorchScript, those of {@code ops.py}
     */
    LibTorch(Engine engine, PtNDManager manager, String source) {
        this.engine = engine;
        this.manager = manager;
        this.script = new TorchScriptOps(manager.newSubManager(), source);
        this.fastInOneDnn = Processor.hasOneDnn() && Processor.HERE.isFastInOneDnn();
    }

    @Override
    public int gpus() {
        return engine.getGpuCount();
    }

    @Override
    public boolean isFastInOneDnn() {
        return fastInOneDnn;
    }

    @Override
    public PtNDArray call(String operation, Object... arguments) {
        return script.call(operation, arguments);
    }

    @Override
    public PtNDArray[] callTuple(String operation, Object... arguments) {
        return script.callTuple(operation, arguments);
    }

    @Override
    public PtNDArray[] callList(String operation, Object... arguments) {
        return script.callList(operation, arguments);
    }

    @Override
    public long callLong(String operation, Object... arguments) {
        return script.callLong(operation, arguments);
    }

    @Override
    public PtNDArray callOneDnn(String operation, Object... arguments) {
        return oneDnn().call(operation, arguments);
    }

    // loaded when they are first needed: only some builds of libtorch have oneDNN
    private synchronized TorchScriptOps oneDnn() {
        if (oneDnn == null) {
            oneDnn = new TorchScriptOps(manager.newSubManager(), TorchScriptOps.source(TorchScriptOps.ONE_DNN));
        }
        return oneDnn;
    }

    @Override
    public PtNDArray apply(Function<PtNDArray, ? extends NDArray> operation, PtNDArray x) {
        return (PtNDArray) operation.apply(x);
    }

    @Override
    public PtNDArray apply(BiFunction<PtNDArray, PtNDArray, ? extends NDArray> operation, PtNDArray x, PtNDArray y) {
        return (PtNDArray) operation.apply(x, y);
    }

    @Override
    public PtNDArray[] split(PtNDArray x, long size) {
        return JniUtils.split(x, size, 0).stream().map(PtNDArray.class::cast).toArray(PtNDArray[]::new);
    }

    @Override
    public PtNDArray cat(List<PtNDArray> arrays, int axis) {
        return JniUtils.cat(arrays.toArray(PtNDArray[]::new), axis);
    }

    @Override
    public void requireGradient(PtNDArray leaf) {
        JniUtils.attachGradient(leaf, true);
    }

    @Override
    public void backward(PtNDArray x, PtNDArray weights) {
        JniUtils.backward(x, weights, false, false);
    }

    @Override
    public PtNDArray gradient(PtNDArray leaf) {
        return JniUtils.getGradient(leaf);
    }

    @Override
    public void zeroGradient(PtNDArray leaf) {
        JniUtils.zeroGrad(leaf);
    }

    @Override
    public ByteBuffer memory(PtNDArray array) {
        return TorchScriptCalls.memory(array);
    }
}
