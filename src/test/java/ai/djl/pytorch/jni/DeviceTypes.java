package ai.djl.pytorch.jni;

import ai.djl.pytorch.engine.PtNDArray;

/** libtorch's device types by their numbers, since DJL has no name for PyTorch's {@code meta}. */
public final class DeviceTypes {

    private static final int META = 14;

    private DeviceTypes() {}

    /** True if an array has a shape and a type but no values. */
    public static boolean isMeta(PtNDArray array) {
        return PyTorchLibrary.LIB.torchDevice(array.getHandle())[0] == META;
    }
}
