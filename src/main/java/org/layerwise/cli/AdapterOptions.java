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
import org.layerwise.selection.LayerList;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.ReferenceFiles;
import org.layerwise.selection.SelectionFile;
import org.layerwise.study.AdapterSettings;
import org.layerwise.study.ModulePatterns;
import picocli.CommandLine.Option;

/** The flags of {@code train} that say which adapters there are. A flag that was not given stays null. */
final class AdapterOptions {

    @Option(
            names = "--selection",
            paramLabel = "FILE",
            description = "Layers to train: what select wrote, or a one-hot .txt of analyze. Default: all layers.")
    private @Nullable Path selection;

    @Option(
            names = "--layers",
            paramLabel = "1,3,5",
            description = "Instead of a selection: layers to train, 0-based; ranges as 4-7. Default: all layers.")
    private @Nullable String layers;

    @Option(
            names = "--target-modules",
            paramLabel = "NAME[,NAME...]",
            split = ",",
            hideParamSyntax = true,
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
            split = ",",
            hideParamSyntax = true,
            description = "Other ranks for some modules, by name or regular expression as in PEFT. Default: none.")
    private @Nullable List<String> rankPattern;

    @Option(
            names = "--alpha-pattern",
            paramLabel = "NAME=A[,NAME=A...]",
            split = ",",
            hideParamSyntax = true,
            description = "Other alphas for some modules, by name or regular expression as in PEFT. Default: none.")
    private @Nullable List<String> alphaPattern;

    @Option(
            names = "--modules-to-save",
            paramLabel = "NAME[,NAME...]",
            split = ",",
            hideParamSyntax = true,
            description =
                    "Modules to train in full beside the classifier and what the checkpoint lacks. Default: none.")
    private @Nullable List<String> modulesToSave;

    @Option(
            names = "--init-adapter",
            paramLabel = "DIR",
            description = "Adapter to start from. It brings its layers, target modules, rank and alpha; a flag that"
                    + " contradicts it is an error. Default: none.")
    private @Nullable Path initAdapter;

    /** @throws UserException if a number is out of its range */
    void check() {
        Limits.atLeast("--r", rank, 1);
        Limits.aboveZero("--alpha", alpha);
        Limits.dropout("--dropout", dropout);
        requireNames("--target-modules", targetModules);
        requireNames("--modules-to-save", modulesToSave);
        ranks();
        alphas();
    }

    /**
     * What the flags say, the rest by default.
     *
     * @param modelLayers M, the model's number of layers
     * @throws UserException if layers do not fit the model, or a flag contradicts the initial adapter
     */
    AdapterSettings settings(int modelLayers) {
        AdapterSettings usual = AdapterSettings.USUAL;
        AdapterChoice choice = new AdapterChoice(layers(modelLayers), targetModules, rank, alpha);
        if (initAdapter != null) {
            choice = InitialAdapter.read(initAdapter).complete(choice);
        }
        return new AdapterSettings(
                choice.layers(),
                choice.targetModules(),
                Objects.requireNonNullElse(choice.rank(), usual.rank()),
                Objects.requireNonNullElse(choice.alpha(), usual.alpha()),
                Objects.requireNonNullElse(dropout, usual.dropout()),
                Objects.requireNonNullElse(variant, usual.variant()),
                Objects.requireNonNullElse(bias, usual.bias()),
                ranks(),
                alphas(),
                Objects.requireNonNullElse(modulesToSave, usual.modulesToSave()),
                initAdapter);
    }

    private Map<String, Integer> ranks() {
        return rankPattern == null ? Map.of() : ModulePatterns.ranks("--rank-pattern", rankPattern);
    }

    private Map<String, Double> alphas() {
        return alphaPattern == null ? Map.of() : ModulePatterns.alphas("--alpha-pattern", alphaPattern);
    }

    private @Nullable SortedSet<Integer> layers(int modelLayers) {
        if (layers != null) {
            SortedSet<Integer> named = LayerList.parse(layers, modelLayers);
            if (named.isEmpty()) {
                throw new UserException("--layers names no layer; write numbers and ranges, like 1,3,5-7.");
            }
            return named;
        }
        if (selection == null) {
            return null;
        }
        LayerSelection saved = selection.toString().endsWith(".txt")
                ? ReferenceFiles.readOneHot(selection)
                : SelectionFile.read(selection).selection();
        if (saved.of() != modelLayers) {
            throw new UserException(
                    "%s selects from %d layers, but the model has %d; take a selection that was made for it."
                            .formatted(selection, saved.of(), modelLayers));
        }
        if (saved.layers().isEmpty()) {
            throw new UserException("%s selects no layer; make a selection with at least one.".formatted(selection));
        }
        return saved.layers();
    }

    private static void requireNames(String flag, @Nullable List<String> names) {
        if (names != null && names.stream().anyMatch(String::isBlank)) {
            throw new UserException("%s has an empty name; write NAME or NAME,NAME.".formatted(flag));
        }
    }
}
