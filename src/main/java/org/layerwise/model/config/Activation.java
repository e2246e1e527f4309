package org.layerwise.model.config;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.layerwise.tensor.Tensor;

/** Non-linearity, by the names that HuggingFace's {@code hidden_act} uses. */
public enum Activation {
    /** {@code x Phi(x)}, exactly. */
    GELU(Tensor::gelu, "gelu", "gelu_python"),
    /** GELU in its tanh approximation. */
    GELU_TANH(Tensor::geluTanh, "gelu_new", "gelu_fast", "gelu_pytorch_tanh", "gelu_accurate"),
    /** {@code x sigmoid(1.702 x)}. */
    QUICK_GELU(Tensor::quickGelu, "quick_gelu"),
    /** {@code x sigmoid(x)}. */
    SILU(Tensor::silu, "silu", "swish"),
    RELU(Tensor::relu, "relu"),
    TANH(Tensor::tanh, "tanh");

    /**
     * Name of an activation in oneDNN, which computes it together with a product.
     *
     * @param variant variant of the activation, or an empty text
     */
    public record Fused(String name, String variant) {}

    private final UnaryOperator<Tensor> function;
    private final Set<String> names;

    Activation(UnaryOperator<Tensor> function, String... names) {
        this.function = function;
        this.names = Set.of(names);
    }

    /** Applies the non-linearity to each element of {@code x}, which may have any shape. */
    public Tensor apply(Tensor x) {
        return function.apply(x);
    }

    /** Returns the name by which oneDNN computes this activation together with a product; empty if it cannot. */
    public Optional<Fused> fused() {
        return switch (this) {
            case SILU -> Optional.of(new Fused("swish", ""));
            case GELU -> Optional.of(new Fused("gelu", "none"));
            case GELU_TANH -> Optional.of(new Fused("gelu", "tanh"));
            case QUICK_GELU, RELU, TANH -> Optional.empty();
        };
    }

    /** Returns the activation of this name; empty if it is not supported. */
    public static Optional<Activation> named(String name) {
        return Arrays.stream(values())
                .filter(activation -> activation.names.contains(name))
                .findFirst();
    }
}
