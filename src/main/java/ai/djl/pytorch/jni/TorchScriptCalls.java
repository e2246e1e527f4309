package ai.djl.pytorch.jni;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtSymbolBlock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Calls of DJL's native methods that are package-private, hence this class in DJL's package: of a TorchScript module so that
 * autograd sees it (DJL's public {@code IValueUtils.runMethod} always turns gradients off), and for the memory of a tensor of
 * any type.
 */
public final class TorchScriptCalls {

    private TorchScriptCalls() {}

    /** Runs a method; the thread's gradient mode decides whether a graph is recorded. The arguments stay the caller's. */
    public static IValue run(PtSymbolBlock module, String method, IValue... arguments) {
        long[] handles = new long[arguments.length];
        for (int i = 0; i < handles.length; i++) {
            handles[i] = arguments[i].getHandle();
        }
        return new IValue(PyTorchLibrary.LIB.moduleRunMethod(module.getHandle(), method, handles, true, false));
    }

    /**
     * The memory of a contiguous tensor on the processor of less than 2 GB. It must not be used after the tensor is closed.
     */
    public static ByteBuffer memory(PtNDArray tensor) {
        return PyTorchLibrary.LIB.torchDirectByteBuffer(tensor.getHandle()).order(ByteOrder.nativeOrder());
    }
}
