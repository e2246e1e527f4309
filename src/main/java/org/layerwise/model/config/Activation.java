package org.layerwise.model.config;

import java.util.Map;
import java.util.Optional;
import org.layerwise.tensor.Tensor;

/** Non-linearity, by the names that HuggingFace's {@code hidden_act} uses. */
public enum Activation {
    /** {@code x Phi(x)}, exactly. */
    GELU {
        @Override
        public Tensor apply(Tensor x) {
            return x.gelu();
        }
    },
    /** GELU in its tanh approximation. */
    GELU_TANH {
        @Override
        public Tensor apply(Tensor x) {
            return x.geluTanh();
        }
    },
    /** {@code x sigmoid(1.702 x)}. */
    QUICK_GELU {
        @Override
        public Tensor apply(Tensor x) {
            return x.quickGelu();
        }
    },
    /** {@code x sigmoid(x)}. */
    SILU {
        @Override
        public Tensor apply(Tensor x) {
            return x.silu();
        }
    },
    RELU {
        @Override
        public Tensor apply(Tensor x) {
            return x.relu();
        }
    },
    TANH {
        @Override
        public Tensor apply(Tensor x) {
            return x.tanh();
        }
    };

    private static final Map<String, Activation> BY_NAME = Map.ofEntries(
            Map.entry("gelu", GELU),
            Map.entry("gelu_python", GELU),
            Map.entry("gelu_new", GELU_TANH),
            Map.entry("gelu_fast", GELU_TANH),
            Map.entry("gelu_pytorch_tanh", GELU_TANH),
            Map.entry("gelu_accurate", GELU_TANH),
            Map.entry("quick_gelu", QUICK_GELU),
            Map.entry("silu", SILU),
            Map.entry("swish", SILU),
            Map.entry("relu", RELU),
            Map.entry("tanh", TANH));

    /** Applies the non-linearity to each element of {@code x}, which may have any shape. */
    public abstract Tensor apply(Tensor x);

    /** Returns the activation of this name; empty if it is not supported. */
    public static Optional<Activation> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }
}
