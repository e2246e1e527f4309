package org.layerwise.model.family;

import java.util.HashSet;
import java.util.Set;
import org.layerwise.model.config.Rope;

/**
 * Reads rotary positions: {@code rope_parameters}, as transformers 5 writes it, for all layers or by layer type, or
 * {@code rope_scaling}, {@code rope_theta} and {@code partial_rotary_factor} of earlier files. Meanings and defaults are
 * those of HuggingFace's {@code modeling_rope_utils}, of version 5.24 for the first and 4.55 for the second. A file with
 * both must have the same values in both.
 *
 * @param most {@code max_position_embeddings}
 * @param usualShare {@code partial_rotary_factor} if the file has none; {@link #WHOLE} if the family rotates whole heads
 *     alone
 */
record RopeReader(ConfigReader config, Keys keys, int headSize, int most, double usualShare) {

    /** Mark of families that rotate whole heads alone. */
    static final double WHOLE = 0;

    /** Key that transformers 5 writes, and no earlier version. */
    static final String PARAMETERS = "rope_parameters";

    private static final String PROPORTIONAL = "proportional";
    private static final String SCALING = "rope_scaling";
    private static final String THETA = "rope_theta";
    private static final String SHARE = "partial_rotary_factor";
    private static final String ORIGINAL = "original_max_position_embeddings";

    /** Keys of {@code rope_parameters}; another key might change the angles unnoticed. */
    private static final Set<String> KNOWN = Set.of(
            "rope_type",
            "type",
            "finetuned", // says how the model was made
            THETA,
            SHARE,
            "factor",
            "attention_factor",
            "beta_fast",
            "beta_slow",
            "mscale",
            "mscale_all_dim",
            "truncate",
            "low_freq_factor",
            "high_freq_factor",
            "short_factor",
            "long_factor",
            ORIGINAL);

    /**
     * Names of keys outside of {@code rope_parameters}, and keys inside that some families alone have.
     *
     * @param theta key of the base
     * @param share key of the share of a head that is rotated
     * @param more keys of the parameters that the family knows beside the usual ones
     */
    record Keys(String theta, String share, Set<String> more) {
        static final Keys USUAL = new Keys(THETA, SHARE, Set.of());

        /** Keys of positions in three sections, which are the same for tokens of text (Qwen). */
        static final Keys SECTIONS = USUAL.and(Set.of("mrope_section", "mrope_interleaved"));

        /** Returns these names with more keys of the parameters. */
        Keys and(Set<String> others) {
            return new Keys(theta, share, others);
        }
    }

    static final String GROWTH = "llama_4_scaling_beta";

    RopeReader(ConfigReader config, int headSize, int most, double usualShare) {
        this(config, Keys.USUAL, headSize, most, usualShare);
    }

    /** Returns a reader of files with other names of keys. */
    RopeReader withKeys(Keys others) {
        return new RopeReader(config, others, headSize, most, usualShare);
    }

    /**
     * Returns the rotary positions of a family that has the same in all layers.
     *
     * @param theta base of the frequencies if the file has none
     */
    Rope read(double theta) {
        ConfigReader parameters = config.part(PARAMETERS);
        for (String type : LayerTypes.KNOWN) {
            if (parameters.keys().contains(type)) {
                throw config.refused(
                        "has rope_parameters by layer type, which Layerwise does not support for %s models."
                                .formatted(config.family()));
            }
        }
        return config.isSet(PARAMETERS)
                ? current(
                        parameters,
                        keys.theta(),
                        theta,
                        config.isSet(ORIGINAL) || config.family().equals("phi3"))
                : earlier(keys.theta(), theta, config.part(SCALING));
    }

    /**
     * Returns the rotary positions of a family whose queries grow with their position, the same in all layers. The
     * parameters must be in the file.
     */
    Rope readWithGrowth() {
        if (!config.isSet(PARAMETERS)) {
            throw config.refused("lacks rope_parameters, which are needed.");
        }
        ConfigReader parameters = config.part(PARAMETERS);
        double beta = parameters.requiredAbove0(GROWTH);
        int original = parameters.positive(ORIGINAL, most);
        return current(parameters, keys.theta(), Rope.USUAL_THETA, false)
                .withGrowth(new Rope.QueryGrowth(beta, original));
    }

    /**
     * Returns the rotary positions of layers of one type. A type that the file leaves out, or has null for, has the
     * defaults, as in HuggingFace's classes of ModernBERT and Gemma 3.
     *
     * @param layerType value of {@code layer_types}
     * @param earlierTheta key of the base in earlier files
     * @param theta base of the frequencies if the file has none
     * @param scaled true if {@code rope_scaling} of earlier files is for these layers
     */
    Rope read(String layerType, String earlierTheta, double theta, boolean scaled) {
        if (!config.isSet(PARAMETERS)) {
            return earlier(earlierTheta, theta, scaled ? config.part(SCALING) : config.nothing());
        }
        ConfigReader all = config.part(PARAMETERS);
        all.requireKeys(LayerTypes.KNOWN);
        return current(all.part(layerType), earlierTheta, theta, false);
    }

    /**
     * Returns the rotary positions of layers of one type in {@code rope_parameters} whose type is {@code proportional}: the
     * share of the frequencies that is kept stands inside.
     *
     * @param theta base of the frequencies if the file has none
     * @param usualShare share if the file has none
     */
    Rope proportional(String layerType, double theta, double usualShare) {
        ConfigReader parameters = config.part(PARAMETERS).part(layerType);
        parameters.requireKeys(Set.of("rope_type", THETA, SHARE, "factor"));
        parameters.requireText("rope_type", PROPORTIONAL, PROPORTIONAL);
        double share = parameters.number(SHARE, parameters.isMissing() ? usualShare : 1);
        if (!(share > 0 && share <= 1)) {
            throw config.refused(
                    "has %s = %s; a number above 0 and up to 1 is expected.".formatted(parameters.name(SHARE), share));
        }
        int kept = (int) Math.floor(share * headSize / 2);
        return new Rope(
                parameters.above0(THETA, theta),
                headSize,
                most,
                new Rope.Scaling.Proportional(kept, parameters.above0("factor", 1)),
                false,
                null);
    }

    private Rope earlier(String thetaKey, double theta, ConfigReader scaling) {
        int size = size(config, keys.share());
        return new Rope(
                config.above0(thetaKey, theta),
                size,
                most,
                new RopeScalingReader(config, scaling, keys.more(), size, most).earlier(),
                false,
                null);
    }

    /**
     * Reads parameters of transformers 5.
     *
     * @param outside true if the trained length stands outside of the parameters
     */
    private Rope current(ConfigReader parameters, String thetaKey, double theta, boolean outside) {
        Set<String> known = new HashSet<>(KNOWN);
        known.addAll(keys.more());
        parameters.requireKeys(known);
        parameters.requireSame(THETA, config, thetaKey);
        parameters.requireSame(SHARE, config, keys.share());
        requireSameScaling(parameters);
        ConfigReader withTheta = parameters.isSet(THETA) ? parameters : config;
        int size = parameters.isSet(SHARE) ? size(parameters, SHARE) : size(config, keys.share());
        return new Rope(
                withTheta.above0(withTheta == config ? thetaKey : THETA, theta),
                size,
                most,
                new RopeScalingReader(config, parameters, keys.more(), size, most).current(outside),
                false,
                null);
    }

    /** Refuses {@code rope_scaling} that contradicts the parameters. */
    private void requireSameScaling(ConfigReader parameters) {
        ConfigReader scaling = config.part(SCALING);
        for (String key : scaling.keys()) {
            boolean type = key.equals("type") || key.equals("rope_type");
            String other = type ? parameters.firstOf("rope_type", "type") : key;
            if (!parameters.isSet(other)) {
                throw config.refused("has %s.%s and no %s in %s; remove the wrong one."
                        .formatted(SCALING, key, other, parameters.place()));
            }
            scaling.requireSame(key, parameters, other);
        }
    }

    /** Returns the number of elements of a head that are rotated. */
    private int size(ConfigReader withShare, String key) {
        boolean wholeHeads = usualShare == WHOLE;
        double share = withShare.number(key, wholeHeads ? 1 : usualShare);
        if (wholeHeads ? share != 1 : !(share > 0 && share <= 1)) {
            throw config.refused("has %s = %s; Layerwise supports %s for %s models."
                    .formatted(
                            withShare.name(key),
                            share,
                            wholeHeads ? "only 1" : "numbers above 0 and up to 1",
                            config.family()));
        }
        int size = (int) (headSize * share);
        if (size % 2 != 0 || size == 0) {
            throw config.refused(
                    "asks for rotary positions over %s numbers of a head (head_dim); an even number is needed."
                            .formatted(size));
        }
        return size;
    }
}
