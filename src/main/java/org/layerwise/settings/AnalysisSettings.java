package org.layerwise.settings;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.measure.Measures;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.base.setting.Range;
import org.layerwise.base.setting.Setting;
import org.layerwise.base.setting.SettingType;
import org.layerwise.base.setting.SettingValues;

/**
 * Settings of an analysis: comparison of the layers and the proposed selection.
 *
 * @param values values of {@link #VALUES}
 */
public record AnalysisSettings(SettingValues values) {

    /** Default share of the layers to select. */
    public static final double DEFAULT_RATIO = 0.5;

    /** Smallest number of draws that a 95 % interval can be computed from. */
    public static final int FEWEST_DRAWS = 20;

    /** Largest number of draws; more draws take time and do not change the result. */
    public static final int MOST_DRAWS = 100_000;

    /** Default seed. */
    public static final long DEFAULT_SEED = 42;

    private static final int FEWEST_IN_MINIBATCH = 4;
    private static final Range DRAWS =
            Range.atLeast(FEWEST_DRAWS).atMost(MOST_DRAWS).orZero();
    private static final Range SHARE = Range.above(0).atMost(1);

    /** Token that stands for a row; the default is that of the model family. */
    public static final Setting<Position> POSITION = Setting.choice("position", Position.class, Position::id, null)
            .defaultText("first for encoders, last for decoders")
            .title("Position")
            .help("Token that stands for a row.");

    /** Measures, at least one; layers are proposed by the first. */
    public static final Setting<List<Measure>> MEASURES = Setting.of(
                    "measure",
                    SettingType.choices(Measures.ALL, Measure::id).labelled("M[,M2,…]"),
                    List.of(LinearCka.MEASURE))
            .checked(measures -> Set.copyOf(measures).size() == measures.size()
                    ? Optional.empty()
                    : Optional.of("measures of which none is named twice"))
            .title("Measures")
            .help(
                    "How layers are compared: %s; or from gradients over labelled data: %s; or from losses over labelled data, without gradients: %s; or from the inputs of linear maps: %s; or from the weights alone, without data: %s; or from an adapter (--adapter): %s. Layers are selected by the first of several."
                            .formatted(
                                    ids(Measure::isSimilarity),
                                    ids(measure -> measure.source() == Measure.Source.GRADIENTS),
                                    ids(measure -> measure.source() == Measure.Source.LOSS),
                                    ids(measure -> measure.source() == Measure.Source.INPUTS),
                                    ids(measure -> measure.source() == Measure.Source.WEIGHTS),
                                    ids(measure -> measure.source() == Measure.Source.ADAPTER)));

    public static final Setting<Double> RBF_BANDWIDTH = Setting.number(
                    "rbf-bandwidth", MeasureOptions.DEFAULTS.rbfBandwidth())
            .in(Range.above(0))
            .title("RBF bandwidth")
            .help("Width of the kernel of rbf-cka, as a multiple of the median distance.");

    public static final Setting<Double> SVCCA_VARIANCE = Setting.number(
                    "svcca-variance", MeasureOptions.DEFAULTS.svccaVariance())
            .in(SHARE)
            .title("SVCCA variance")
            .help("Share of the variance that svcca and pwcca keep of a layer.");

    public static final Setting<Integer> MINIBATCH = Setting.whole("minibatch", MeasureOptions.DEFAULTS.minibatch())
            .in(Range.atLeast(FEWEST_IN_MINIBATCH))
            .title("Minibatch")
            .help("Rows per minibatch of minibatch-cka, at least 4.");

    public static final Setting<Double> ABLATION_FACTOR = Setting.number(
                    "ablation-factor", MeasureOptions.DEFAULTS.ablationFactor())
            .in(Range.atLeast(0).below(1))
            .label("C")
            .defaultText("0, without the layer")
            .title("Ablation factor")
            .help("Factor of a layer's update in ablation, 0 to below 1.");

    public static final Setting<Integer> EVA_COMPONENTS = Setting.whole(
                    "eva-components", MeasureOptions.DEFAULTS.evaComponents())
            .in(Range.atLeast(1))
            .title("EVA components")
            .help("Components whose explained variance eva takes, at least 1.");

    public static final Setting<Double> RATIO = Setting.number("ratio", DEFAULT_RATIO)
            .in(SHARE)
            .label("R")
            .title("Ratio")
            .help("Share of the layers to select, above 0 and at most 1.");

    public static final Setting<UndefinedLayers> UNDEFINED = Setting.choice(
                    "undefined", UndefinedLayers.class, UndefinedLayers::id, UndefinedLayers.EXCLUDE)
            .title("Undefined layers")
            .help("Layers without a similarity: left out of the ranking, or first in it.");

    /** Name of the task in file names; the default is that of the preset, or the name of the data. */
    public static final Setting<String> NAME = Setting.text("name")
            .label("TASK")
            .defaultText("the task of --preset, or the data's name")
            .title("Name")
            .help("Name of the task in the files.");

    /** Number of bootstrap replicates; 0 for none. */
    public static final Setting<Integer> BOOTSTRAP = Setting.whole("bootstrap", 0)
            .in(DRAWS)
            .defaultText("0, not at all")
            .title("Bootstrap")
            .help("Resample the rows N times, for intervals and the probability of being selected; at least 20, and"
                    + " 1000 is usual.");

    /** Number of permutations for the baseline of unrelated data; 0 for none. */
    public static final Setting<Integer> PERMUTATIONS = Setting.whole("permutations", 0)
            .in(DRAWS)
            .defaultText("0, not at all")
            .title("Permutations")
            .help("Shuffle the rows N times, for the similarity that unrelated data have; at least 20, and 100 is"
                    + " usual.");

    public static final Setting<Long> SEED = Setting.large("seed", DEFAULT_SEED)
            .title("Seed")
            .help("Seed of all that is drawn: bootstrap, permutations, a new head.");

    /** All settings whose values are in {@link #values}, in the order of their keys in files. */
    public static final List<Setting<?>> VALUES = List.of(
            POSITION,
            MEASURES,
            RBF_BANDWIDTH,
            SVCCA_VARIANCE,
            MINIBATCH,
            ABLATION_FACTOR,
            EVA_COMPONENTS,
            RATIO,
            UNDEFINED,
            NAME,
            BOOTSTRAP,
            PERMUTATIONS,
            SEED);

    /** Creates settings from all values; null stands for a default. */
    public AnalysisSettings(
            @Nullable Position position,
            double ratio,
            UndefinedLayers undefined,
            @Nullable String name,
            List<Measure> measures,
            MeasureOptions options,
            int bootstrap,
            int permutations,
            long seed) {
        this(SettingValues.none()
                .with(POSITION, Optional.ofNullable(position))
                .with(RATIO, ratio)
                .with(UNDEFINED, undefined)
                .with(NAME, Optional.ofNullable(name))
                .with(MEASURES, requireSome(measures))
                .with(RBF_BANDWIDTH, options.rbfBandwidth())
                .with(SVCCA_VARIANCE, options.svccaVariance())
                .with(MINIBATCH, options.minibatch())
                .with(ABLATION_FACTOR, options.ablationFactor())
                .with(EVA_COMPONENTS, options.evaComponents())
                .with(BOOTSTRAP, bootstrap)
                .with(PERMUTATIONS, permutations)
                .with(SEED, seed));
    }

    private static String ids(Predicate<Measure> which) {
        return Measures.ALL.stream().filter(which).map(Measure::id).collect(Collectors.joining(", "));
    }

    private static List<Measure> requireSome(List<Measure> measures) {
        if (measures.isEmpty()) {
            throw new IllegalArgumentException("an analysis needs a measure");
        }
        return List.copyOf(measures);
    }

    /** Returns the defaults. */
    public static AnalysisSettings defaults() {
        return new AnalysisSettings(SettingValues.none());
    }

    /** Returns the token that stands for a row; null for the default of the model family. */
    public @Nullable Position position() {
        return values.find(POSITION).orElse(null);
    }

    /** Returns the share of the layers to select, above 0 and at most 1. */
    public double ratio() {
        return values.get(RATIO);
    }

    public UndefinedLayers undefined() {
        return values.get(UNDEFINED);
    }

    /** Returns the name of the task in file names; null for the default. */
    public @Nullable String name() {
        return values.find(NAME).orElse(null);
    }

    /** Returns the measures, at least one; layers are proposed by the first. */
    public List<Measure> measures() {
        return values.get(MEASURES);
    }

    /** Returns true if a measure needs gradients of the model. */
    public boolean needsGradients() {
        return needs(Measure.Source.GRADIENTS);
    }

    /** Returns true if a measure needs a loss: labels, or text to predict. */
    public boolean needsLabels() {
        return needsGradients() || needs(Measure.Source.LOSS);
    }

    /** Returns true if a measure is computed from a source. */
    public boolean needs(Measure.Source source) {
        return measures().stream().anyMatch(measure -> measure.source() == source);
    }

    /** Returns true if all measures follow from the weights alone, or from those of an adapter, so that no rows are needed. */
    public boolean needsNoData() {
        return measures().stream().noneMatch(Measure::needsRows);
    }

    /** Returns the options of the measures. */
    public MeasureOptions options() {
        return new MeasureOptions(
                values.get(RBF_BANDWIDTH),
                values.get(SVCCA_VARIANCE),
                values.get(MINIBATCH),
                values.get(ABLATION_FACTOR),
                values.get(EVA_COMPONENTS));
    }

    /** Returns the number of bootstrap replicates, from which the uncertainty is computed; 0 for none. */
    public int bootstrap() {
        return values.get(BOOTSTRAP);
    }

    /** Returns the number of permutations for the baseline of unrelated data; 0 for none. */
    public int permutations() {
        return values.get(PERMUTATIONS);
    }

    /** Returns the seed of all random draws. */
    public long seed() {
        return values.get(SEED);
    }

    /** Returns these settings without a name of the task, so that the default applies. */
    public AnalysisSettings unnamed() {
        return new AnalysisSettings(values.without(NAME));
    }

    /** Returns these settings with other measures. */
    public AnalysisSettings with(List<Measure> others) {
        return new AnalysisSettings(values.with(MEASURES, requireSome(others)));
    }
}
