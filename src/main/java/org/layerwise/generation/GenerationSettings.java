package org.layerwise.generation;

import java.util.List;
import java.util.function.Function;
import org.layerwise.base.setting.DerivedSetting;
import org.layerwise.base.setting.Range;
import org.layerwise.base.setting.Setting;
import org.layerwise.base.setting.SettingValues;

/**
 * Settings of text generation, with the meaning of transformers' {@code generate}.
 *
 * @param maxNewTokens maximum number of new tokens per row, at least 1
 * @param temperature divisor of the logits before a token is sampled; 0 for the most likely token (greedy)
 * @param topP nucleus sampling: a token is sampled from the smallest set of most likely tokens with this cumulative
 *     probability (Holtzman et al., arXiv 1904.09751), above 0, at most 1; 1 for all tokens
 * @param seed seed of the sampling; the tokens of a row depend only on the seed and the row's number
 * @param ignoreEos true to treat an end-of-sequence token like any other token
 * @param stopStrings texts that end a row when its text contains one of them
 */
public record GenerationSettings(
        int maxNewTokens, double temperature, double topP, long seed, boolean ignoreEos, List<String> stopStrings) {

    /** Maximum number of new tokens; its default is the usual number of the command or the benchmark. */
    public static final DerivedSetting<Integer, Integer> MAX_NEW_TOKENS = Setting.whole("max-new-tokens", null)
            .in(Range.atLeast(1))
            .title("New tokens")
            .help("Most new tokens of a row.")
            .derived(
                    "256; of a benchmark 512 for gsm8k, humaneval and mbpp, 1024 for math, 16 for scienceqa",
                    Function.identity());

    public static final Setting<Double> TEMPERATURE = Setting.number("temperature", 0.0)
            .in(Range.atLeast(0))
            .label("T")
            .title("Temperature")
            .help("Draw tokens, with logits divided by this; 0 takes the likeliest.");

    public static final Setting<Double> TOP_P = Setting.number("top-p", 1.0)
            .in(Range.above(0).atMost(1))
            .label("P")
            .title("Top p")
            .help("Draw of the fewest likeliest tokens whose probabilities add up to this.");

    public static final Setting<Long> SEED =
            Setting.large("seed", 42).title("Seed").help("Seed of the tokens that are drawn.");

    public static final Setting<Boolean> IGNORE_EOS = Setting.flag("ignore-eos")
            .title("Ignore the end")
            .help("Go on behind the end of the sequence, up to --max-new-tokens.");

    /** Settings of the tokens that are drawn. */
    public static final List<Setting<?>> SAMPLING = List.of(MAX_NEW_TOKENS, TEMPERATURE, TOP_P, SEED);

    public static final List<Setting<?>> VALUES = Setting.join(SAMPLING, List.of(IGNORE_EOS));

    /** Default maximum number of new tokens of a row without a benchmark. */
    public static final int DEFAULT_MAX_NEW_TOKENS = 256;

    /**
     * Creates settings from the values of the table.
     *
     * @param usual maximum number of new tokens if the values do not give it
     */
    public GenerationSettings(SettingValues values, int usual, List<String> stopStrings) {
        this(
                values.get(MAX_NEW_TOKENS, usual),
                values.get(TEMPERATURE),
                values.get(TOP_P),
                values.get(SEED),
                values.get(IGNORE_EOS),
                stopStrings);
    }

    public GenerationSettings {
        stopStrings = List.copyOf(stopStrings);
        boolean right = maxNewTokens >= 1 && temperature >= 0 && temperature < Double.POSITIVE_INFINITY;
        if (!right || !(topP > 0 && topP <= 1) || stopStrings.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException(
                    "at least one token, a temperature from 0 on, top-p above 0 up to 1, and no empty stop string are needed");
        }
    }

    /** Returns settings for the most likely tokens, up to the end of the sequence. */
    public static GenerationSettings greedy(int maxNewTokens) {
        return new GenerationSettings(SettingValues.none(), maxNewTokens, List.of());
    }

    /** Returns these settings with other stop strings. */
    public GenerationSettings withStops(List<String> others) {
        return new GenerationSettings(maxNewTokens, temperature, topP, seed, ignoreEos, others);
    }

    /** Returns true if the most likely token is always chosen. */
    public boolean greedy() {
        return temperature == 0;
    }
}
