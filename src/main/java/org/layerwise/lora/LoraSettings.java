package org.layerwise.lora;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.setting.Range;
import org.layerwise.base.setting.Setting;
import org.layerwise.base.setting.SettingType;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.model.config.ModuleNames;

/** Settings of adapters, by the names of PEFT's {@code LoraConfig}. */
public final class LoraSettings {

    /** Range of ranks; the maximum is above the width of any model. */
    public static final Range RANKS = Range.atLeast(1).atMost(65_536);

    /** Range of alphas; beyond a million, float32 overflows during training, and nothing is learnt. */
    private static final Range ALPHAS = Range.above(0).atMost(1_000_000);

    public static final Setting<List<String>> TARGET_MODULES = Setting.names("target-modules")
            .defaultText("those that are usual for the family")
            .title("Targets")
            .help("Linear modules that get adapters, by the end of their names, or all-linear.");

    public static final Setting<Integer> RANK =
            Setting.whole("r", 8).in(RANKS).title("Rank").help("Rank of the adapters.");

    public static final Setting<Double> ALPHA = Setting.number("alpha", 16.0)
            .in(ALPHAS)
            .label("A")
            .title("Alpha")
            .onlyIf(LoraSettings::isLora)
            .help("Scale of the adapters: the update is multiplied by alpha / r, with rsLoRA by alpha / sqrt(r)."
                    + " MiSS has none.");

    public static final Setting<Double> DROPOUT = Setting.number("dropout", 0.0)
            .in(Range.atLeast(0).below(1))
            .label("P")
            .title("LoRA dropout")
            .help("Dropout on the input of the adapters, at least 0 and below 1.");

    public static final Setting<LoraVariant> VARIANT = Setting.of(
                    "variant",
                    SettingType.of(
                            SettingType.Kind.TEXT,
                            LoraVariant.WORDS.replace(", ", "|"),
                            "one of " + LoraVariant.WORDS,
                            LoraSettings::variant,
                            LoraVariant::id),
                    LoraVariant.PLAIN)
            .title("Variant")
            .help(
                    "Kind of LoRA: rank-stabilised, weight-decomposed, or starting from the principal singular vectors,"
                            + " exactly or after N iterations, or from a QR decomposition, from the principal components of"
                            + " the inputs of each module (EVA), or from the gradients of its weight (LoRA-GA); or MiSS, one trained matrix for each module.");

    public static final Setting<Bias> BIAS = Setting.choice("bias", Bias.class, Bias::id, Bias.NONE)
            .advanced()
            .onlyIf(LoraSettings::isLora)
            .title("Biases")
            .help("Biases that are trained, too: all, or those of modules with adapters.");

    public static final Setting<Map<String, Integer>> RANK_PATTERN = Setting.of(
                    "rank-pattern",
                    ModulePatterns.type("NAME=R[,NAME=R...]", SettingType.WHOLE, RANKS),
                    Map.<String, Integer>of())
            .defaultText("none")
            .advanced()
            .onlyIf(LoraSettings::isLora)
            .prompt("query=4, value=8")
            .title("Rank by module")
            .help("Other ranks for some modules, by name or regular expression as in PEFT.");

    public static final Setting<Map<String, Double>> ALPHA_PATTERN = Setting.of(
                    "alpha-pattern",
                    ModulePatterns.type("NAME=A[,NAME=A...]", SettingType.NUMBER, ALPHAS),
                    Map.<String, Double>of())
            .defaultText("none")
            .advanced()
            .onlyIf(LoraSettings::isLora)
            .prompt("query=8")
            .title("Alpha by module")
            .help("Other alphas for some modules, by name or regular expression as in PEFT.");

    public static final Setting<List<String>> MODULES_TO_SAVE = Setting.of(
                    "modules-to-save", SettingType.NAMES, List.<String>of())
            .defaultText("none")
            .advanced()
            .prompt("none")
            .title("Full modules")
            .help("Modules to train in full beside the classifier and what the checkpoint lacks.");

    public static final Setting<List<String>> TARGET_PARAMETERS = Setting.of(
                    "target-parameters", SettingType.NAMES, List.<String>of())
            .defaultText("none")
            .advanced()
            .onlyIf(LoraSettings::isLora)
            .prompt("none")
            .title("Experts")
            .help("Weights of experts that get adapters, by the end of their names as in PEFT:"
                    + " mlp.experts.gate_up_proj, mlp.experts.down_proj. Such adapters need PEFT 0.21 and"
                    + " transformers 5.");

    /** Folder of an adapter that the training starts from. */
    public static final Setting<Path> INIT_ADAPTER = Setting.folder("init-adapter")
            .advanced()
            .prompt("new adapters")
            .title("Start from")
            .help("Adapter to start from. It brings its layers, target modules, rank, alpha, variant and biases; a"
                    + " flag that contradicts it is an error, but --variant pissa and olora take a plain adapter"
                    + " for the part of the weights that they start from, as PEFT saves it.");

    /** All settings of adapters, in the order in which files list them. */
    public static final List<Setting<?>> ALL = List.of(
            INIT_ADAPTER,
            TARGET_MODULES,
            TARGET_PARAMETERS,
            RANK,
            ALPHA,
            DROPOUT,
            VARIANT,
            BIAS,
            RANK_PATTERN,
            ALPHA_PATTERN,
            MODULES_TO_SAVE);

    /** Modules that PEFT adds to {@code modules_to_save} of every classifier. */
    public static final List<String> CLASSIFIERS = List.of("classifier", "score");

    private LoraSettings() {}

    /** Returns true if the values have settings of LoRA that MiSS lacks. */
    private static boolean isLora(SettingValues values) {
        return !values.get(VARIANT).sharded();
    }

    /**
     * Returns the rank of a module: that of the first pattern that matches it, otherwise r.
     *
     * @param names names that patterns may use for the modules
     */
    public static int rank(SettingValues values, ModuleNames names, String module) {
        return ModuleMatcher.ofPattern(values.get(RANK_PATTERN), names, module, values.get(RANK), Progress.none());
    }

    private static LoraVariant variant(String word) {
        try {
            return LoraVariant.of(word.strip());
        } catch (UserException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
