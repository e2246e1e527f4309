package org.layerwise.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Limits;
import org.layerwise.base.UserException;
import org.layerwise.lora.Bias;
import org.layerwise.lora.LoraVariant;
import org.layerwise.settings.CommaList;
import org.layerwise.study.AdapterSettings;
import org.layerwise.study.ModulePatterns;
import picocli.CommandLine.Option;

/** The flags that say what an adapter is like, wherever it is trained. A flag that was not given stays null. */
final class AdapterKindOptions {

    @Option(
            names = "--target-modules",
            paramLabel = "NAME[,NAME...]",
            description =
                    "Linear layers that get adapters, by the end of their names, or all-linear. Default: those that"
                            + " are usual for the family.")
    private @Nullable List<String> targetModules;

    @Option(names = "--r", paramLabel = "N", description = "Rank of the adapters. Default: 8.")
    private @Nullable Integer rank;

    @Option(names = "--alpha", paramLabel = "A", description = "Scale of the adapters, as alpha / r. Default: 16.")
    private @Nullable Double alpha;

    @Option(
            names = "--dropout",
            paramLabel = "P",
            description = "Dropout on the input of the adapters, at least 0 and below 1. Default: 0.")
    private @Nullable Double dropout;

    @Option(
            names = "--variant",
            paramLabel = "lora|rslora|dora|pissa|pissa_niter_N",
            description = "Kind of LoRA: rank-stabilised, weight-decomposed, or starting from the principal singular"
                    + " vectors, exactly or after N iterations. Default: lora.")
    private @Nullable LoraVariant variant;

    @Option(
            names = "--bias",
            paramLabel = "none|all|lora_only",
            description = "Biases that are trained, too: all, or those of modules with adapters. Default: none.")
    private @Nullable Bias bias;

    @Option(
            names = "--rank-pattern",
            paramLabel = "NAME=R[,NAME=R...]",
            description = "Other ranks for some modules, by name or regular expression as in PEFT. Default: none.")
    private @Nullable List<String> rankPattern;

    @Option(
            names = "--alpha-pattern",
            paramLabel = "NAME=A[,NAME=A...]",
            description = "Other alphas for some modules, by name or regular expression as in PEFT. Default: none.")
    private @Nullable List<String> alphaPattern;

    @Option(
            names = "--modules-to-save",
            paramLabel = "NAME[,NAME...]",
            description =
                    "Modules to train in full beside the classifier and what the checkpoint lacks. Default: none.")
    private @Nullable List<String> modulesToSave;

    /** @throws UserException if a number is out of its range, or a name is empty */
    void check() {
        Limits.between("--r", rank, 1, 65_536);
        Limits.aboveZeroWithinReason("--alpha", alpha);
        Limits.dropout("--dropout", dropout);
        requireNames("--target-modules", items(targetModules));
        requireNames("--modules-to-save", items(modulesToSave));
        ranks();
        alphas();
    }

    /** What an initial adapter may decide instead, on these layers. */
    AdapterChoice choice(@Nullable SortedSet<Integer> layers) {
        return new AdapterChoice(
                layers, items(targetModules), rank, alpha, variant, bias, ranks(), alphas(), items(modulesToSave));
    }

    /** What the flags say, the rest by default. */
    AdapterSettings settings() {
        return settings(choice(null), null);
    }

    /**
     * The same with what was chosen.
     *
     * @param initial folder of an adapter to start from; null for none
     */
    AdapterSettings settings(AdapterChoice choice, @Nullable Path initial) {
        AdapterSettings usual = AdapterSettings.USUAL;
        return new AdapterSettings(
                choice.layers(),
                null,
                choice.targetModules(),
                Objects.requireNonNullElse(choice.rank(), usual.rank()),
                Objects.requireNonNullElse(choice.alpha(), usual.alpha()),
                Objects.requireNonNullElse(dropout, usual.dropout()),
                Objects.requireNonNullElse(choice.variant(), usual.variant()),
                Objects.requireNonNullElse(choice.bias(), usual.bias()),
                Objects.requireNonNullElse(choice.rankPattern(), usual.rankPattern()),
                Objects.requireNonNullElse(choice.alphaPattern(), usual.alphaPattern()),
                Objects.requireNonNullElse(choice.modulesToSave(), usual.modulesToSave()),
                initial);
    }

    private @Nullable Map<String, Integer> ranks() {
        return rankPattern == null ? null : ModulePatterns.ranks("--rank-pattern", items(rankPattern));
    }

    private @Nullable Map<String, Double> alphas() {
        return alphaPattern == null ? null : ModulePatterns.alphas("--alpha-pattern", items(alphaPattern));
    }

    // not by picocli: a regular expression may hold commas
    private static @Nullable List<String> items(@Nullable List<String> given) {
        return given == null
                ? null
                : given.stream().flatMap(text -> CommaList.split(text).stream()).toList();
    }

    private static void requireNames(String flag, @Nullable List<String> names) {
        if (names != null && names.stream().anyMatch(String::isBlank)) {
            throw new UserException("%s has an empty name; write NAME or NAME,NAME.".formatted(flag));
        }
    }
}
