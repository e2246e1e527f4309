package org.layerwise.lora;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.layerwise.base.UserException;

/**
 * Difference of adapters from plain LoRA.
 *
 * @param rankStabilised true if the scale is {@code alpha / sqrt(r)} (rsLoRA, Kalajdzievski, arXiv 2312.03732)
 * @param decomposed true if the magnitude of each output's weights is trained separately (DoRA, Liu et al., arXiv
 *     2402.09353)
 * @param initialisation initialisation of the adapters
 * @param sharded true for MiSS (Kang and Yin, arXiv 2409.15371), where the products of all shards of the input share one
 *     trained matrix: LoRA whose A is the fixed matrix that adds up shards, and whose scale is 1
 */
public record LoraVariant(boolean rankStabilised, boolean decomposed, Initialisation initialisation, boolean sharded) {

    /** Published form of LoRA. */
    public static final LoraVariant PLAIN = new LoraVariant(false, false, Initialisation.random());

    /** MiSS, which has no variants of its own. */
    public static final LoraVariant MISS = new LoraVariant(false, false, Initialisation.random(), true);

    /** Names of the variants in settings. */
    public static final String WORDS = "lora, rslora, dora, pissa, pissa_niter_N, olora, eva, lora-ga, miss";

    public LoraVariant {
        if (sharded && (rankStabilised || decomposed || !(initialisation instanceof Initialisation.Random))) {
            throw new UserException(
                    "MiSS is a method of its own and not combined with variants of LoRA; write miss alone.");
        }
    }

    /** Creates a variant of LoRA with an A and a B. */
    public LoraVariant(boolean rankStabilised, boolean decomposed, Initialisation initialisation) {
        this(rankStabilised, decomposed, initialisation, false);
    }

    /**
     * Returns the variant of a name, or of several names joined by plus signs, as {@link #id} writes them.
     *
     * @throws UserException if there is no such variant, or a name occurs twice, or two of them initialise the adapters
     */
    public static LoraVariant of(String words) {
        LoraVariant all = PLAIN;
        Set<String> seen = new HashSet<>();
        for (String word : words.split("\\+", -1)) {
            if (!seen.add(word.toLowerCase(Locale.ROOT))) {
                throw new UserException("The variant \"%s\" names %s twice; write each once.".formatted(words, word));
            }
            all = all.and(single(word));
        }
        return all;
    }

    /** Returns the alpha with which another rank has the scale of a rank and its alpha. */
    public double alpha(double alpha, int rank, int other) {
        return rankStabilised ? alpha * Math.sqrt((double) other / rank) : alpha * other / rank;
    }

    private LoraVariant and(LoraVariant other) {
        if (!(initialisation instanceof Initialisation.Random)
                && !(other.initialisation instanceof Initialisation.Random)
                && !initialisation.equals(other.initialisation)) {
            throw new UserException("The variants %s and %s are two ways to start; write one of them."
                    .formatted(initialisation.id(), other.initialisation.id()));
        }
        return new LoraVariant(
                rankStabilised || other.rankStabilised,
                decomposed || other.decomposed,
                other.initialisation instanceof Initialisation.Random ? initialisation : other.initialisation,
                sharded || other.sharded);
    }

    private static LoraVariant single(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "lora" -> PLAIN;
            case "rslora" -> new LoraVariant(true, false, Initialisation.random());
            case "miss" -> MISS;
            case Initialisation.Eva.ID -> new LoraVariant(false, false, new Initialisation.Eva());
            case Initialisation.LoraGa.ID -> new LoraVariant(false, false, new Initialisation.LoraGa());
            case "dora" -> new LoraVariant(false, true, Initialisation.random());
            default ->
                Initialisation.fromWeight(word)
                        .map(initialisation -> new LoraVariant(false, false, initialisation))
                        .orElseThrow(() -> new UserException(
                                "There is no variant \"%s\" of LoRA; write one of %s (N is a number of iterations)."
                                        .formatted(word, WORDS)));
        };
    }

    /** Returns this variant with random initialisation. */
    LoraVariant plainStart() {
        return new LoraVariant(rankStabilised, decomposed, Initialisation.random(), sharded);
    }

    /** Returns the number of trained parameters of the adapter on a linear module, apart from DoRA's magnitudes. */
    public long parameters(int rank, int in, int out) {
        return (long) rank * (sharded ? out : in + out);
    }

    /** Returns the name of the method for users: LoRA or MiSS. */
    public String method() {
        return sharded ? "MiSS" : "LoRA";
    }

    /** Returns the name in settings; a combination of variants has their names joined by plus signs. */
    public String id() {
        StringBuilder words = new StringBuilder();
        if (rankStabilised) {
            words.append("+rslora");
        }
        if (decomposed) {
            words.append("+dora");
        }
        if (sharded) {
            words.append("+miss");
        }
        if (!(initialisation instanceof Initialisation.Random)) {
            words.append('+').append(initialisation.id());
        }
        return words.isEmpty() ? "lora" : words.substring(1);
    }
}
