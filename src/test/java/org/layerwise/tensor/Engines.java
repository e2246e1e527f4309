package org.layerwise.tensor;

/** The one engine that all tests share: starting libtorch once per test class would only cost time. */
public final class Engines {

    private Engines() {}

    private static final class Holder {
        private static final TensorEngine SHARED = TensorEngine.start();
    }

    public static TensorEngine shared() {
        return Holder.SHARED;
    }
}
