package org.layerwise.model.input;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.layerwise.model.config.Rope;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Computes cosines and sines of rotary positions in float32, as HuggingFace's {@code modeling_rope_utils} does: at
 * large positions the rounding of the frequencies is visible in the result.
 */
final class RotaryAngles {

    private RotaryAngles() {}

    /** Returns the angles of positions 0 to {@code length}, exclusive, {@code [length, rope.size()]}. */
    static ModelInput.Angles of(TensorEngine engine, Rope rope, int length, Device device, DType type) {
        int[] positions = IntStream.range(0, length).toArray();
        return of(engine, rope, positions, length, device, type, length, 2L * (rope.size() / 2));
    }

    /**
     * Returns the angles of one token per row, {@code [batch, 1, 1, rope.size()]}.
     *
     * @param length length of the longest row
     */
    static ModelInput.Angles next(
            TensorEngine engine, Rope rope, int[] positions, int length, Device device, DType type) {
        return of(engine, rope, positions, length, device, type, positions.length, 1, 1, 2L * (rope.size() / 2));
    }

    private static ModelInput.Angles of(
            TensorEngine engine, Rope rope, int[] positions, int length, Device device, DType type, long... shape) {
        float[] frequencies = frequencies(engine, rope, length);
        double factor = attentionFactor(rope);
        int half = frequencies.length;
        float[] cos = new float[positions.length * 2 * half];
        float[] sin = new float[cos.length];
        for (int token = 0; token < positions.length; token++) {
            for (int i = 0; i < half; i++) {
                float angle = positions[token] * frequencies[i];
                int first = token * 2 * half + i;
                cos[first] = (float) ((float) Math.cos(angle) * factor);
                sin[first + half] = (float) ((float) Math.sin(angle) * factor);
                cos[first + half] = cos[first];
                sin[first] = -sin[first + half];
            }
        }
        return new ModelInput.Angles(
                engine.of(cos, shape).to(device).cast(type),
                engine.of(sin, shape).to(device).cast(type),
                rope.growth() == null
                        ? null
                        : queryFactor(engine, rope.growth(), positions, shape)
                                .to(device)
                                .cast(type));
    }

    private static Tensor queryFactor(TensorEngine engine, Rope.QueryGrowth growth, int[] positions, long... shape) {
        float[] factors = new float[positions.length];
        for (int token = 0; token < factors.length; token++) {
            float turns = (float) Math.log(1f + positions[token] / growth.original());
            factors[token] = 1 + (float) growth.beta() * turns;
        }
        long[] one = shape.clone();
        one[shape.length - 1] = 1;
        return engine.of(factors, one);
    }

    private static float[] frequencies(TensorEngine engine, Rope rope, int length) {
        if (rope.scaling() instanceof Rope.Scaling.Linear linear) {
            return divided(unscaled(engine, rope, rope.theta()), linear.factor());
        } else if (rope.scaling() instanceof Rope.Scaling.Proportional proportional) {
            float[] frequencies = divided(unscaled(engine, rope, rope.theta()), proportional.factor());
            Arrays.fill(frequencies, Math.min(proportional.kept(), frequencies.length), frequencies.length, 0);
            return frequencies;
        } else if (rope.scaling() instanceof Rope.Scaling.Dynamic dynamic) {
            return unscaled(engine, rope, grownTheta(rope, dynamic.factor(), length));
        } else if (rope.scaling() instanceof Rope.Scaling.Llama3 llama3) {
            return llama3(unscaled(engine, rope, rope.theta()), llama3);
        } else if (rope.scaling() instanceof Rope.Scaling.Yarn yarn) {
            return yarn(unscaled(engine, rope, rope.theta()), rope, yarn);
        } else if (rope.scaling() instanceof Rope.Scaling.LongRope longRope) {
            return longRope(
                    unscaled(engine, rope, rope.theta()),
                    length > longRope.original() ? longRope.longer() : longRope.shorter());
        }
        return unscaled(engine, rope, rope.theta());
    }

    /** Returns {@code theta^(-2i / size)}, computed by libtorch's own power, since the last bit matters. */
    private static float[] unscaled(TensorEngine engine, Rope rope, double theta) {
        float[] exponents = new float[rope.size() / 2];
        for (int i = 0; i < exponents.length; i++) {
            exponents[i] = 2f * i / rope.size();
        }
        float[] powers;
        try (Scope scope = engine.inference()) {
            powers = engine.of(exponents, exponents.length).powerOf(theta).floats();
        }
        for (int i = 0; i < powers.length; i++) {
            powers[i] = 1 / powers[i];
        }
        return powers;
    }

    private static float[] divided(float[] frequencies, double factor) {
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = (float) (frequencies[i] / factor);
        }
        return frequencies;
    }

    private static double grownTheta(Rope rope, double factor, int length) {
        if (length <= rope.trained()) {
            return rope.theta();
        }
        double growth = factor * length / rope.trained() - (factor - 1);
        return rope.theta() * Math.pow(growth, rope.size() / (rope.size() - 2.0));
    }

    private static float[] llama3(float[] frequencies, Rope.Scaling.Llama3 scaling) {
        for (int i = 0; i < frequencies.length; i++) {
            double wavelength = 2 * Math.PI / frequencies[i];
            if (wavelength > scaling.original() / scaling.lowFrequency()) {
                frequencies[i] = (float) (frequencies[i] / scaling.factor());
            } else if (wavelength >= scaling.original() / scaling.highFrequency()) {
                double smooth = (scaling.original() / wavelength - scaling.lowFrequency())
                        / (scaling.highFrequency() - scaling.lowFrequency());
                frequencies[i] = (float) ((1 - smooth) * frequencies[i] / scaling.factor() + smooth * frequencies[i]);
            }
        }
        return frequencies;
    }

    private static float[] yarn(float[] frequencies, Rope rope, Rope.Scaling.Yarn scaling) {
        double low = rotations(rope, scaling.betaFast(), scaling.original());
        double high = rotations(rope, scaling.betaSlow(), scaling.original());
        if (scaling.truncated()) {
            low = Math.floor(low);
            high = Math.ceil(high);
        }
        low = Math.max(low, 0);
        high = Math.min(high, rope.size() - 1);
        if (low == high) {
            high += 0.001; // the ramp's width must not be zero
        }
        for (int i = 0; i < frequencies.length; i++) {
            double ramp = Math.min(1, Math.max(0, (i - low) / (high - low)));
            frequencies[i] = (float) (frequencies[i] / scaling.factor() * ramp + frequencies[i] * (1 - ramp));
        }
        return frequencies;
    }

    /**
     * Returns the dimension whose frequency makes this number of turns within the trained length (YaRN, section 3.2).
     */
    private static double rotations(Rope rope, double turns, int original) {
        return rope.size() * Math.log(original / (turns * 2 * Math.PI)) / (2 * Math.log(rope.theta()));
    }

    private static float[] longRope(float[] frequencies, List<Double> divisors) {
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = (float) (frequencies[i] / divisors.get(i));
        }
        return frequencies;
    }

    private static double attentionFactor(Rope rope) {
        if (rope.scaling() instanceof Rope.Scaling.Yarn yarn) {
            return yarn.attention();
        }
        return rope.scaling() instanceof Rope.Scaling.LongRope longRope ? longRope.attention() : 1;
    }
}
