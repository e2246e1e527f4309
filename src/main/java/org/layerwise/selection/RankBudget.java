package org.layerwise.selection;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.layerwise.base.UserException;
import org.layerwise.lora.LoraSettings;

/**
 * Budget of parameters within which ranks are spread over linear maps.
 *
 * @param parameters maximum number of parameters of all adapters together
 * @param rule rule that spreads them
 * @param minRank lowest rank of a linear map with an adapter
 * @param maxRank highest rank; that of a linear map is also at most the smaller of its widths
 */
public record RankBudget(
        @JsonProperty(required = true) long parameters,
        @JsonProperty(required = true) RankRule rule,
        @JsonProperty(required = true) int minRank,
        @JsonProperty(required = true) int maxRank) {

    /** Default of {@link #rule}. */
    public static final RankRule DEFAULT_RULE = RankRule.PROPORTIONAL;

    /** Default of {@link #minRank}. */
    public static final int DEFAULT_MIN_RANK = 1;

    /** Default of {@link #maxRank}. */
    public static final int DEFAULT_MAX_RANK = 64;

    /** @throws UserException if there are no parameters, a rank is out of range, or the lowest rank is above the highest */
    public RankBudget {
        if (parameters < 1) {
            throw new UserException("The budget is %s parameters; it must be at least 1.".formatted(parameters));
        }
        requireRank("lowest", minRank);
        requireRank("highest", maxRank);
        if (minRank > maxRank) {
            throw new UserException("The lowest rank %s is above the highest rank %s; lower the one or raise the other."
                    .formatted(minRank, maxRank));
        }
        if (rule == RankRule.EVA && minRank > DEFAULT_MIN_RANK) {
            throw new UserException("EVA's rule has no lowest rank; leave it out, or spread ranks by another rule.");
        }
    }

    /**
     * Reads a number of parameters, or a share of those of full LoRA: {@code 200000}, {@code 50%}, {@code 0.5}.
     *
     * @param full number of parameters of LoRA on the target modules of all layers
     * @throws UserException if the text is neither
     */
    public static long parameters(String text, long full) {
        Share share = Share.parse(text);
        if (share != null) {
            return share(share.of1(), full);
        }
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw new UserException(
                    "The budget of %s parameters is too large; write a smaller one.".formatted(text), e);
        }
    }

    /**
     * Returns the number of parameters of a share of full LoRA, rounded down.
     *
     * @param share share, above 0 and at most 1
     */
    public static long share(double share, long full) {
        return (long) Math.floor(share * full);
    }

    private static void requireRank(String which, int rank) {
        if (!LoraSettings.RANKS.contains(rank)) {
            throw new UserException(
                    "The %s rank is %s; it must be %s.".formatted(which, rank, LoraSettings.RANKS.words()));
        }
    }

    /** Returns the rule and the budget for users: {@code spread proportionally within 200000 parameters, 1 to 64 each}. */
    public String words() {
        return "spread %s within %s parameters, %s to %s each".formatted(rule.words(), parameters, minRank, maxRank);
    }
}
