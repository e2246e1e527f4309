package org.layerwise.analysis;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Citation;
import org.layerwise.tensor.TensorEngine;

/**
 * A measure by which layers can be ranked: a similarity of a layer's input and output, or an importance from
 * losses, gradients, inputs of linear maps, the weights alone, or an adapter.
 * The class that computes a measure defines it, with all of its words and its papers.
 * {@link org.layerwise.analysis.measure.Measures} lists all measures.
 */
public final class Measure {

    /** Data that a measure is computed from. */
    public enum Source {
        /** One vector per example and hidden state. */
        REPRESENTATIONS,
        /** Vectors of all tokens. */
        TOKENS,
        /** Gradients of a loss over labelled examples. */
        GRADIENTS,
        /** Losses of examples, without gradients. */
        LOSS,
        /** Inputs of linear maps. */
        INPUTS,
        /** Weights of linear maps alone. */
        WEIGHTS,
        /** Weights of an adapter, or what it adds on rows of data. */
        ADAPTER
    }

    /** Creates the computation of a measure from representations. */
    @FunctionalInterface
    public interface Computation {
        /** @throws org.layerwise.base.UserException if an option of the measure is out of range */
        SimilarityMeasure with(MeasureOptions options, TensorEngine engine);
    }

    /** Computes the importance of a linear map from the singular values of its weight. */
    @FunctionalInterface
    public interface WeightScore {
        /** Returns the importance, not negative. */
        double of(WeightSpectrum spectrum);
    }

    private final String id;
    private final Source source;
    private final @Nullable Computation computation;
    private final @Nullable WeightScore score;
    private final @Nullable ModuleAverage average;
    private final String title;
    private final String shortName;
    private final String noun;
    private final String description;
    private final List<Citation> citations;
    private final Function<MeasureOptions, String> methods;
    private final @Nullable String withoutInterval;
    private final IntFunction<Optional<String>> remark;
    private final double lower;
    private final boolean symmetric;
    private final boolean cka;
    private final boolean metric;
    private final boolean rows;
    private final String withoutModules;

    Measure(MeasureBuilder builder) {
        id = builder.id;
        source = builder.source;
        computation = builder.computation;
        score = builder.score;
        average = builder.average;
        title = builder.title;
        shortName = builder.shortName;
        noun = builder.noun == null ? builder.shortName : builder.noun;
        description = builder.description;
        citations = builder.citations;
        methods = builder.methods;
        withoutInterval = builder.withoutInterval;
        remark = builder.remark;
        lower = builder.lower;
        symmetric = builder.symmetric;
        cka = builder.cka;
        metric = builder.metric;
        rows = builder.rows;
        withoutModules = builder.withoutModules;
    }

    /**
     * Begins the definition of a similarity that is computed from representations.
     *
     * @param id name in files and on the command line
     */
    public static MeasureBuilder ofRepresentations(String id, Computation computation) {
        return new MeasureBuilder(id, Source.REPRESENTATIONS).computation(computation);
    }

    /** Begins the definition of a similarity that is computed while the model runs, from the vectors of all tokens. */
    public static MeasureBuilder ofTokens(String id) {
        return new MeasureBuilder(id, Source.TOKENS);
    }

    /** Begins the definition of an importance from gradients. */
    public static MeasureBuilder ofGradients(String id) {
        return new MeasureBuilder(id, Source.GRADIENTS);
    }

    /** Begins the definition of an importance from losses of examples. */
    public static MeasureBuilder ofLosses(String id) {
        return new MeasureBuilder(id, Source.LOSS);
    }

    /**
     * Begins the definition of an importance of linear maps from their inputs.
     *
     * @param average rule by which the values of the linear maps become those of layers
     */
    public static MeasureBuilder ofInputs(String id, ModuleAverage average) {
        return new MeasureBuilder(id, Source.INPUTS).average(average);
    }

    /**
     * Begins the definition of an importance from the weights alone.
     *
     * @param score importance of a linear map
     * @param average rule by which the values of the linear maps become those of layers
     */
    public static MeasureBuilder ofWeights(String id, WeightScore score, ModuleAverage average) {
        return new MeasureBuilder(id, Source.WEIGHTS)
                .score(score)
                .average(average)
                .withoutRows()
                .withoutInterval("It has no interval, since it follows from the weights: no rows are drawn.");
    }

    /**
     * Begins the definition of an importance from an adapter.
     *
     * @param average rule by which the values of the linear maps become those of layers
     */
    public static MeasureBuilder ofAdapter(String id, ModuleAverage average) {
        return new MeasureBuilder(id, Source.ADAPTER)
                .average(average)
                .withoutModules("No module of this layer has an adapter.");
    }

    /** Returns the name in files and on the command line. */
    public String id() {
        return id;
    }

    /** Returns the name for messages and reports. */
    public String title() {
        return title;
    }

    /** Returns the name on an axis. */
    public String shortName() {
        return shortName;
    }

    /** Returns the name within a sentence on one of its values. */
    public String noun() {
        return noun;
    }

    /** Returns one or two sentences on the meaning of the values, for a user who chooses among measures. */
    public String description() {
        return description;
    }

    /** Returns the papers that define the measure. */
    public List<Citation> citations() {
        return citations;
    }

    /** Returns the words on the options in a methods paragraph, which follow the title; empty for none. */
    public String methods(MeasureOptions options) {
        return methods.apply(options);
    }

    /** Returns one sentence on why the measure cannot have an interval from a bootstrap; empty if it can have one. */
    public Optional<String> withoutInterval() {
        return Optional.ofNullable(withoutInterval);
    }

    /** Returns one sentence that a reader of values from this many examples must know; empty for none. */
    public Optional<String> remark(int samples) {
        return remark.apply(samples);
    }

    /**
     * Returns true if the measure compares two hidden states; any other measure has one value per layer only.
     */
    public boolean isSimilarity() {
        return source == Source.REPRESENTATIONS || source == Source.TOKENS;
    }

    /** Returns the data that the measure is computed from. */
    public Source source() {
        return source;
    }

    /** Returns true if the measure is computed from rows of data. */
    public boolean needsRows() {
        return rows;
    }

    /** Returns true if the measure is computed from one vector per example and hidden state, by {@link #with}. */
    public boolean fromRepresentations() {
        return source == Source.REPRESENTATIONS;
    }

    /** Returns true if the measure is a kind of CKA, the similarity of the public code of the method. */
    public boolean isCka() {
        return cka;
    }

    /**
     * Returns true if 1 minus the similarity is a distance in the mathematical sense, so that hidden states can be put on a map.
     */
    public boolean isMetric() {
        return metric;
    }

    /**
     * Returns true if the similarity of two hidden states does not depend on their order; otherwise the first one is
     * the row of a matrix, and the second one the column.
     */
    public boolean isSymmetric() {
        return symmetric;
    }

    /**
     * Returns the lower end of the displayed range by default: 0, or -1 for similarities that can be negative. The
     * upper end is 1.
     */
    public double lower() {
        return lower;
    }

    /** Returns the axis title of the importance: 1 minus the similarity, or the measure itself. */
    public String importanceTitle() {
        return isSimilarity() ? "1 − " + shortName : shortName;
    }

    /**
     * Creates the computation of the measure.
     *
     * @throws org.layerwise.base.UserException if an option of the measure is out of range
     * @throws IllegalArgumentException if the measure is not computed from representations
     */
    public SimilarityMeasure with(MeasureOptions options, TensorEngine engine) {
        if (computation == null) {
            throw new IllegalArgumentException(id + " does not follow from one vector an example");
        }
        return computation.with(options, engine);
    }

    /**
     * Returns the importance of linear maps; 0 for a weight of zeros, whose spectrum has no form.
     *
     * @throws IllegalArgumentException if the measure is not computed from weights
     */
    public ModuleImportance of(List<WeightSpectrum> spectra) {
        WeightScore of = score;
        if (of == null) {
            throw new IllegalArgumentException(id + " does not follow from weights");
        }
        return new ModuleImportance(spectra.stream()
                .map(spectrum -> new ModuleImportance.Module(
                        spectrum.module(),
                        spectrum.type(),
                        spectrum.layer(),
                        spectrum.largest() == 0 ? 0 : of.of(spectrum)))
                .toList());
    }

    /**
     * Returns the importance of layers from that of their linear maps.
     *
     * @throws IllegalArgumentException if the measure has no importance of linear maps
     */
    public LayerImportance ofLayers(ModuleImportance modules, int layers) {
        return modules.ofLayers(layers, requireAverage(), withoutModules);
    }

    /** Returns the values of linear maps by which layers can be compared, as {@link ModuleAverage} says. */
    public ModuleImportance comparable(ModuleImportance modules) {
        return modules.scaled(requireAverage());
    }

    /** Returns the axis title of the values of {@link #comparable}. */
    public String comparableTitle() {
        return requireAverage() == ModuleAverage.OF_TYPE_MEAN ? shortName + " / mean of the type" : shortName;
    }

    private ModuleAverage requireAverage() {
        if (average == null) {
            throw new IllegalArgumentException(id + " has no importance of linear maps");
        }
        return average;
    }

    /** Returns the name in files and on the command line. */
    @Override
    public String toString() {
        return id;
    }
}
