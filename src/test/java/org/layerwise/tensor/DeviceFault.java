package org.layerwise.tensor;

/** An operation that CUDA would refuse, or that would copy between devices without being asked to. */
final class DeviceFault extends AssertionError {

    private static final long serialVersionUID = 1L;

    DeviceFault(String message) {
        super(message);
    }

    DeviceFault(String message, Throwable cause) {
        super(message, cause);
    }
}
