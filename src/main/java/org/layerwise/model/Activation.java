package org.layerwise.model;

import java.util.Map;
import java.util.Optional;
import org.layerwise.tensor.Tensor;

/** The non-linearity of a feed-forward part, by the names that HuggingFace's {@code hidden_act} uses. */
public enum Activation {
    /** {@code x Phi(x)}, exactly. */
    GELU {
        @Override
        Tensor apply(Tensor x) {
            return x.gelu();
        }
    },
    /** GELU in its tanh approximation. */
    GELU_TANH {
        @Override
        Tensor apply(Tensor x) {
            return x.geluTanh();
        }
    },
    /** {@code x sigmoid(x)}. */
    SILU {
        @Override
        Tensor apply(Tensor x) {
            return x.silu();
        }
    },
    RELU {
        @Override
        Tensor apply(Tensor x) {
            return x.relu();
        }
    };

    private static final Map<String, Activation> BY_NAME = Map.of(
            "gelu", GELU,
            "gelu_python", GELU,
            "gelu_new", GELU_TANH,
            "gelu_fast", GELU_TANH,
            "gelu_pytorch_tanh", GELU_TANH,
            "silu", SILU,
            "swish", SILU,
            "relu", RELU);

    abstract Tensor apply(Tensor x);

    static Optional<Activation> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }
}
