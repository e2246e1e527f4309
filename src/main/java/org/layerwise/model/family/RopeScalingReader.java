package org.layerwise.model.family;

import java.util.Set;
import org.layerwise.model.config.Rope;

/**
 * Reads the scaling of rotary positions, whose keys stand in {@code rope_parameters} or {@code rope_scaling}.
 *
 * @param scaling part of the configuration with the keys of the scaling; empty for none
 * @param more keys that the family knows beside the usual ones
 * @param size number of elements of a head that are rotated
 * @param most {@code max_position_embeddings}
 */
record RopeScalingReader(ConfigReader config, ConfigReader scaling, Set<String> more, int size, int most) {

    private static final String ORIGINAL = "original_max_position_embeddings";
    private static final String FACTOR = "factor";

    /** Families whose configuration of version 4 never renames the key {@code type}. */
    private static final Set<String> RENAMES_NO_TYPE = Set.of("mistral", "gemma", "gemma2");

    /** Returns the scaling of a file of transformers 4. */
    Rope.Scaling earlier() {
        if (scaling.isMissing()) {
            return new Rope.Scaling.None();
        }
        // if both keys are present, the older one counts, except in families whose configuration never renames it
        String key = RENAMES_NO_TYPE.contains(config.family())
                ? scaling.firstOf("rope_type", "type")
                : scaling.firstOf("type", "rope_type");
        boolean phi = config.family().equals("phi3");
        return switch (type(scaling.text(key, ""))) {
            case "linear" -> new Rope.Scaling.Linear(scaling.requiredAbove0(FACTOR));
            case "dynamic" -> new Rope.Scaling.Dynamic(scaling.requiredAbove0(FACTOR));
            case "llama3" -> llama3((int) scaling.requiredAbove0(ORIGINAL));
            case "yarn" -> {
                // if the original length is known, the factor follows from it and the present length
                boolean extended = scaling.isSet(ORIGINAL);
                double given = scaling.requiredAbove0(FACTOR);
                int original = scaling.positive(ORIGINAL, most);
                yield yarn(extended ? (double) most / original : given, original);
            }
            case "longrope" -> {
                boolean extended = phi || config.isSet(ORIGINAL);
                int original = extended ? config.positive(ORIGINAL, 4096) : most;
                yield longRope(extended ? (double) most / original : scaling.requiredAbove0(FACTOR), original);
            }
            default -> new Rope.Scaling.None();
        };
    }

    /**
     * Returns the scaling of a file of transformers 5.
     *
     * @param outside true if the trained length before the extension stands outside of the parameters, or has a default
     */
    Rope.Scaling current(boolean outside) {
        int original = outside ? config.positive(ORIGINAL, 4096) : scaling.positive(ORIGINAL, most);
        return switch (type(scaling.text(scaling.firstOf("rope_type", "type"), "default"))) {
            case "linear" -> new Rope.Scaling.Linear(scaling.requiredAbove0(FACTOR));
            case "dynamic" -> new Rope.Scaling.Dynamic(scaling.requiredAbove0(FACTOR));
            case "llama3" -> llama3(original);
            case "yarn" -> yarn(factor(original), original);
            case "longrope" -> longRope(factor(original), original);
            default -> new Rope.Scaling.None();
        };
    }

    private double factor(int original) {
        return scaling.isSet(FACTOR) ? scaling.above0(FACTOR, 1) : (double) most / original;
    }

    /** Returns the type under its present name. */
    private String type(String name) {
        return switch (name) {
            case "default", "linear", "dynamic", "llama3", "longrope" -> name;
            case "yarn" -> config.family().equals("phi3") ? "longrope" : name;
            case "su" -> "longrope";
            default -> {
                // sections of positions in images, which are the same for tokens of text
                if (name.equals("mrope") && more.contains("mrope_section")) {
                    yield "default";
                }
                throw config.refused(
                        "has rotary positions (%s) of type \"%s\"; Layerwise supports default, linear, dynamic, yarn, llama3 and longrope."
                                .formatted(scaling.place(), name));
            }
        };
    }

    private Rope.Scaling llama3(int original) {
        double low = scaling.requiredAbove0("low_freq_factor");
        double high = scaling.requiredAbove0("high_freq_factor");
        if (low == high) {
            throw config.refused("has %s with low_freq_factor equal to high_freq_factor.".formatted(scaling.place()));
        }
        return new Rope.Scaling.Llama3(scaling.requiredAbove0(FACTOR), low, high, original);
    }

    private Rope.Scaling yarn(double factor, int original) {
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

    private Rope.Scaling longRope(double factor, int original) {
        double attention = scaling.isSet("attention_factor")
                ? scaling.above0("attention_factor", 1)
                : factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
        if (!Double.isFinite(attention)) {
            throw config.refused("has %s whose attention factor is not finite (original_max_position_embeddings = %s)."
                    .formatted(scaling.place(), original));
        }
        return new Rope.Scaling.LongRope(
                scaling.numbers("short_factor", size / 2),
                scaling.numbers("long_factor", size / 2),
                original,
                attention);
    }
}
