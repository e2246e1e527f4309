package org.layerwise.cli.option;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Limits;
import org.layerwise.generation.GenerationSettings;
import picocli.CommandLine.Option;

/** Flags for drawing tokens: {@code --temperature}, {@code --top-p} and {@code --seed}. */
public final class SamplingOptions {

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "Draw tokens, with logits divided by this; 0 takes the likeliest. Default: 0.")
    private @Nullable Double temperature;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            description =
                    "Draw of the fewest likeliest tokens whose probabilities add up to this. Default: 1, of all tokens.")
    private @Nullable Double topP;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of what is drawn. Default: " + GenerationSettings.DEFAULT_SEED + ".")
    private @Nullable Long seed;

    /** Returns true if one of the flags is given. */
    boolean given() {
        return temperature != null || topP != null || seed != null;
    }

    /** Returns true if {@code --top-p} is given but no token is drawn. */
    public boolean topPHasNoEffect() {
        return topP != null && (temperature == null || temperature == 0);
    }

    /**
     * Returns the settings of a generation.
     *
     * @param asked value of {@code --max-new-tokens}; null if it is not given
     * @param usual number of new tokens if it is not given
     * @throws org.layerwise.base.UserException if a number is out of its range
     */
    public GenerationSettings settings(@Nullable Integer asked, int usual, boolean ignoreEos, List<String> stops) {
        Limits.atLeast("--max-new-tokens", asked, 1);
        Limits.atLeastZero("--temperature", temperature);
        Limits.share("--top-p", topP);
        return new GenerationSettings(
                asked == null ? usual : asked,
                temperature == null ? 0 : temperature,
                topP == null ? 1 : topP,
                seed == null ? GenerationSettings.DEFAULT_SEED : seed,
                ignoreEos,
                stops);
    }
}
