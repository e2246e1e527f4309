package org.layerwise.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.IntToDoubleFunction;

/**
 * Rotary positions: Su et al., RoFormer (arXiv 2104.09864), and the ways of stretching them.
 *
 * @param frequencies angle by which a pair of components turns from one position to the next
 * @param magnitude factor on rotated vectors
 */
record PlainRope(double[] frequencies, double magnitude) {

    /** @param length the number of positions of the batch, padding included */
    static PlainRope of(JsonNode config, int headSize, int length) {
        int size = (int) (headSize * config.path("partial_rotary_factor").asDouble(1));
        double base = config.path("rope_theta").asDouble(10000);
        JsonNode scaling = config.path("rope_scaling");
        double factor = scaling.path("factor").asDouble(1);
        double most = config.path("max_position_embeddings").asDouble();
        String kind = scaling.path("rope_type").asText(scaling.path("type").asText("default"));
        return switch (kind) {
            case "default" -> of(size, base, 1, j -> 1);
            // Chen et al., Position Interpolation (arXiv 2306.15595), equation 4
            case "linear" -> of(size, base, 1, j -> factor);
            // Peng et al. (arXiv 2309.00071), definition 1, with the length at hand ("dynamic scaling")
            case "dynamic" -> {
                double stretch = factor * Math.max(length, most) / most - (factor - 1);
                yield of(size, base * Math.pow(stretch, size / (size - 2.0)), 1, j -> 1);
            }
            case "llama3" -> llama3(scaling, size, base, factor);
            case "yarn" -> yarn(scaling, size, base, factor, most);
            case "longrope" -> longRope(config, scaling, size, base, length);
            default -> throw new IllegalArgumentException(kind);
        };
    }

    /**
     * Turns one vector: component i with component i + size / 2, for the first {@code size} components.
     *
     * @param start where it begins
     */
    void rotate(double[] x, int start, int position) {
        int half = frequencies.length;
        for (int i = 0; i < half; i++) {
            double cos = Math.cos(position * frequencies[i]) * magnitude;
            double sin = Math.sin(position * frequencies[i]) * magnitude;
            double a = x[start + i];
            double b = x[start + half + i];
            x[start + i] = a * cos - b * sin;
            x[start + half + i] = b * cos + a * sin;
        }
    }

    /** @param divisor of the frequency of pair j */
    private static PlainRope of(int size, double base, double magnitude, IntToDoubleFunction divisor) {
        double[] frequencies = new double[size / 2];
        for (int j = 0; j < frequencies.length; j++) {
            frequencies[j] = frequency(size, base, j) / divisor.applyAsDouble(j);
        }
        return new PlainRope(frequencies, magnitude);
    }

    /** RoFormer, equation 15. */
    private static double frequency(int size, double base, int j) {
        return Math.pow(base, -2.0 * j / size);
    }

    /** Meta's Llama 3.1 (arXiv 2407.21783), as published in its reference code: blends by wavelength. */
    private static PlainRope llama3(JsonNode scaling, int size, double base, double factor) {
        double trained = scaling.path("original_max_position_embeddings").asDouble();
        double low = scaling.path("low_freq_factor").asDouble();
        double high = scaling.path("high_freq_factor").asDouble();
        return of(size, base, 1, j -> {
            double turns = trained * frequency(size, base, j) / (2 * Math.PI);
            double kept = Math.max(0, Math.min(1, (turns - low) / (high - low)));
            return 1 / ((1 - kept) / factor + kept);
        });
    }

    /** Peng et al., YaRN (arXiv 2309.00071), definitions 2 and 3. */
    private static PlainRope yarn(JsonNode scaling, int size, double base, double given, double most) {
        boolean told = scaling.has("original_max_position_embeddings");
        double trained = told ? scaling.path("original_max_position_embeddings").asDouble() : most;
        double factor = told ? most / trained : given;
        double from = pairOf(scaling.path("beta_fast").asDouble(32), size, base, trained);
        double to = pairOf(scaling.path("beta_slow").asDouble(1), size, base, trained);
        if (scaling.path("truncate").asBoolean(true)) {
            from = Math.floor(from);
            to = Math.ceil(to);
        }
        double first = Math.max(from, 0);
        double last = Math.min(to, size - 1.0);
        // a ramp of no length would divide by zero
        double length = last == first ? 0.001 : last - first;
        double magnitude;
        if (scaling.path("attention_factor").isNumber()) {
            magnitude = scaling.path("attention_factor").asDouble();
        } else if (scaling.has("mscale") && scaling.has("mscale_all_dim")) {
            // DeepSeek-V2 (arXiv 2405.04434), in its reference code
            magnitude = temperature(factor, scaling.path("mscale").asDouble())
                    / temperature(factor, scaling.path("mscale_all_dim").asDouble());
        } else {
            magnitude = temperature(factor, 1);
        }
        return of(size, base, magnitude, j -> {
            double stretched = Math.max(0, Math.min(1, (j - first) / length));
            return 1 / (stretched / factor + 1 - stretched);
        });
    }

    /** The pair, in fractions, that turns so many times over the trained length. */
    private static double pairOf(double turns, int size, double base, double trained) {
        return size * Math.log(trained / (turns * 2 * Math.PI)) / (2 * Math.log(base));
    }

    private static double temperature(double factor, double scale) {
        return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
    }

    /** Ding et al., LongRoPE (arXiv 2402.13753), with the magnitude of Phi-3 (arXiv 2404.14219). */
    private static PlainRope longRope(JsonNode config, JsonNode scaling, int size, double base, int length) {
        double trained = config.path("original_max_position_embeddings").asDouble();
        double factor = config.path("max_position_embeddings").asDouble() / trained;
        double magnitude = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(trained));
        JsonNode divisors = scaling.path(length > trained ? "long_factor" : "short_factor");
        return of(size, base, magnitude, j -> divisors.path(j).asDouble());
    }
}
