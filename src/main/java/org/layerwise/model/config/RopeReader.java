package org.layerwise.model.config;

import java.util.Set;

/**
 * Reads {@code rope_theta} and {@code rope_scaling}, with the meaning and the defaults of HuggingFace's
 * {@code modeling_rope_utils} of version 4.55.
 */
final class RopeReader {

    private static final Set<String> RENAMES_NO_TYPE = Set.of("mistral", "gemma", "gemma2");

    private final ConfigReader config;
    private final ConfigReader scaling;
    private final int size;
    private final int most;

    /**
     * Creates a reader of a configuration.
     *
     * @param size number of elements of a head that are rotated
     * @param most {@code max_position_embeddings}
     */
    RopeReader(ConfigReader config, int size, int most) {
        this.config = config;
        this.scaling = config.part("rope_scaling");
        this.size = size;
        this.most = most;
    }

    Rope read() {
        if (size % 2 != 0 || size == 0) {
            throw config.refused(
                    "asks for rotary positions over %s numbers of a head (head_dim); an even number is needed."
                            .formatted(size));
        }
        return new Rope(config.above0("rope_theta", 10_000), size, most, scaling());
    }

    private Rope.Scaling scaling() {
        if (!config.isSet("rope_scaling")) {
            return new Rope.Scaling.None();
        }
        // if both keys are present, the older one counts, except in families whose configuration never renames it
        String key = RENAMES_NO_TYPE.contains(config.family())
                ? scaling.firstOf("rope_type", "type")
                : scaling.firstOf("type", "rope_type");
        String type = scaling.text(key, "");
        return switch (type) {
            case "default" -> new Rope.Scaling.None();
            case "linear" -> new Rope.Scaling.Linear(scaling.requiredAbove0("factor"));
            case "dynamic" -> new Rope.Scaling.Dynamic(scaling.requiredAbove0("factor"));
            case "llama3" -> llama3();
            case "yarn" -> config.family().equals("phi3") ? longRope() : yarn();
            case "longrope", "su" -> longRope();
            default ->
                throw config.refused(
                        "has rope_scaling of type \"%s\"; Layerwise supports default, linear, dynamic, yarn, llama3 and longrope."
                                .formatted(type));
        };
    }

    private Rope.Scaling llama3() {
        double low = scaling.requiredAbove0("low_freq_factor");
        double high = scaling.requiredAbove0("high_freq_factor");
        if (low == high) {
            throw config.refused("has rope_scaling with low_freq_factor equal to high_freq_factor.");
        }
        return new Rope.Scaling.Llama3(scaling.requiredAbove0("factor"), low, high, (int)
                scaling.requiredAbove0("original_max_position_embeddings"));
    }

    private Rope.Scaling yarn() {
        double given = scaling.requiredAbove0("factor");
        boolean extended = scaling.isSet("original_max_position_embeddings");
        int original = extended ? scaling.positive("original_max_position_embeddings", most) : most;
        // if the original length is known, the factor follows from it and the present length
        double factor = extended ? (double) most / original : given;
        double attention = scaling.isSet("attention_factor")
                ? scaling.above0("attention_factor", 1)
                : yarnAttention(factor, scaling.number("mscale", 0), scaling.number("mscale_all_dim", 0));
        return new Rope.Scaling.Yarn(
                factor,
                orDefault(scaling.number("beta_fast", 32), 32),
                orDefault(scaling.number("beta_slow", 1), 1),
                original,
                attention,
                scaling.flag("truncate", true));
    }

    private static double orDefault(double value, double fallback) {
        return value == 0 ? fallback : value;
    }

    private static double yarnAttention(double factor, double scale, double scaleAll) {
        return scale != 0 && scaleAll != 0
                ? yarnScale(factor, scale) / yarnScale(factor, scaleAll)
                : yarnScale(factor, 1);
    }

    private static double yarnScale(double factor, double scale) {
        return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
    }

    private Rope.Scaling longRope() {
        boolean phi = config.family().equals("phi3");
        boolean extended = phi || config.isSet("original_max_position_embeddings");
        int original = extended ? config.positive("original_max_position_embeddings", 4096) : most;
        double factor = extended ? (double) most / original : scaling.requiredAbove0("factor");
        double attention = scaling.isSet("attention_factor")
                ? scaling.above0("attention_factor", 1)
                : factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
        if (!Double.isFinite(attention)) {
            throw config.refused(
                    "has rope_scaling whose attention factor is not finite (original_max_position_embeddings = %s)."
                            .formatted(original));
        }
        return new Rope.Scaling.LongRope(
                scaling.numbers("short_factor", size / 2),
                scaling.numbers("long_factor", size / 2),
                original,
                attention);
    }
}
