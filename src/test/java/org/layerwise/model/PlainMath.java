package org.layerwise.model;

import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The elementary functions of transformers as loops over doubles. Matrices are row-major. */
final class PlainMath {

    private PlainMath() {}

    /** {@code y = x Wᵀ + b} for each row of x: [n, in] and W: [out, in] give [n, out]. */
    static double[] linear(double[] x, double[] weight, double @Nullable [] bias, int in) {
        int out = weight.length / in;
        int rows = x.length / in;
        double[] y = new double[rows * out];
        for (int row = 0; row < rows; row++) {
            for (int o = 0; o < out; o++) {
                double sum = bias == null ? 0 : bias[o];
                for (int i = 0; i < in; i++) {
                    sum += x[row * in + i] * weight[o * in + i];
                }
                y[row * out + o] = sum;
            }
        }
        return y;
    }

    static double[] add(double[] x, double[] y) {
        double[] sum = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            sum[i] = x[i] + y[i];
        }
        return sum;
    }

    static double[] map(double[] x, DoubleUnaryOperator function) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = function.applyAsDouble(x[i]);
        }
        return y;
    }

    /**
     * Zhang and Sennrich, Root Mean Square Layer Normalization (arXiv 1910.07467), equation 4, over vectors as wide as the
     * gain.
     *
     * @param offset added to the gain; 1 in Gemma, which stores its distance from one
     */
    static double[] rmsNorm(double[] x, double[] gain, double offset, double epsilon) {
        int width = gain.length;
        double[] y = new double[x.length];
        for (int start = 0; start < x.length; start += width) {
            double squares = 0;
            for (int i = 0; i < width; i++) {
                squares += x[start + i] * x[start + i];
            }
            double scale = 1 / Math.sqrt(squares / width + epsilon);
            for (int i = 0; i < width; i++) {
                y[start + i] = x[start + i] * scale * (offset + gain[i]);
            }
        }
        return y;
    }

    /** Ba, Kiros and Hinton, Layer Normalization (arXiv 1607.06450), equation 4. */
    static double[] layerNorm(double[] x, double[] gain, double[] bias, double epsilon) {
        int width = gain.length;
        double[] y = new double[x.length];
        for (int start = 0; start < x.length; start += width) {
            double mean = 0;
            for (int i = 0; i < width; i++) {
                mean += x[start + i] / width;
            }
            double variance = 0;
            for (int i = 0; i < width; i++) {
                variance += (x[start + i] - mean) * (x[start + i] - mean) / width;
            }
            double scale = 1 / Math.sqrt(variance + epsilon);
            for (int i = 0; i < width; i++) {
                y[start + i] = (x[start + i] - mean) * scale * gain[i] + bias[i];
            }
        }
        return y;
    }

    /**
     * GELU by Hendrycks and Gimpel (arXiv 1606.08415), exact and in its tanh approximation; SiLU by Elfwing et al. (arXiv
     * 1702.03118), under HuggingFace's names.
     */
    static DoubleUnaryOperator activation(String name) {
        return switch (name) {
            case "gelu" -> x -> x / 2 * (1 + erf(x / Math.sqrt(2)));
            case "gelu_pytorch_tanh" ->
                x -> x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
            case "silu" -> x -> x / (1 + Math.exp(-x));
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.6: a series of terms of one sign. */
    static double erf(double x) {
        if (Math.abs(x) > 6) {
            return Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }
}
