package ai.djl.pytorch.jni;

import ai.djl.pytorch.engine.PtSymbolBlock;

/**
 * Calls a method of a TorchScript module so that autograd sees it. DJL's public {@code IValueUtils.runMethod} always
 * turns gradients off; the native method that does not is package-private, hence this class in DJL's package.
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
}
