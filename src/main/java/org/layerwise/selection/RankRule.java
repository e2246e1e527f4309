package org.layerwise.selection;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.layerwise.analysis.inputs.EvaRanks;

/** Rule that spreads ranks over linear maps by their importance. */
public enum RankRule {
    /** Ranks in proportion to the importance. */
    PROPORTIONAL("in proportion to the importance"),
    /**
     * Ranks that maximise {@code sum of s log(1 + r)} over linear maps of importance s and rank r: the parameters of a linear map,
     * not its rank, follow its importance, so that large linear maps get lower ranks (water-filling; Cover and Thomas,
     * Elements of Information Theory, section 9.4).
     */
    WATERFILL("by water-filling"),
    /** Ranks by EVA's own rule, from the components of the inputs of linear maps ({@link EvaRanks}). */
    EVA("by EVA's rule");

    private final String words;

    RankRule(String words) {
        this.words = words;
    }

    /** Returns the name in settings and files. */
    @JsonValue
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the rule for users, in words that follow "spread". */
    public String words() {
        return words;
    }
}
