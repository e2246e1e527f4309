package org.layerwise.analysis;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Citation;
import org.layerwise.tensor.TensorEngine;

/**
 * A measure by which layers can be ranked: a similarity of a layer's input and output, or an importance from gradients or from
 * the weights alone.
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
        /** Weights of linear maps alone. */
        WEIGHTS
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

    /**
     * Importance from the weights.
     *
     * @param score importance of a linear map
     * @param average rule by which the values of the linear maps become those of layers
     */
    private record FromWeights(WeightScore score, ModuleAverage average) {}

    private final String id;
    private final Source source;
    private final @Nullable Computation computation;
    private final @Nullable FromWeights fromWeights;
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

    private Measure(Builder builder) {
        id = builder.id;
        source = builder.source;
        computation = builder.computation;
        fromWeights = builder.fromWeights;
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
    }

    /**
     * Begins the definition of a similarity that is computed from representations.
     *
     * @param id name in files and on the command line
     */
    public static Builder ofRepresentations(String id, Computation computation) {
        return new Builder(id, Source.REPRESENTATIONS, computation, null);
    }

    /** Begins the definition of a similarity that is computed while the model runs, from the vectors of all tokens. */
    public static Builder ofTokens(String id) {
        return new Builder(id, Source.TOKENS, null, null);
    }

    /** Begins the definition of an importance from gradients. */
    public static Builder ofGradients(String id) {
        return new Builder(id, Source.GRADIENTS, null, null);
    }

    /**
     * Begins the definition of an importance from the weights alone.
     *
     * @param score importance of a linear map
     * @param average rule by which the values of the linear maps become those of layers
     */
    public static Builder ofWeights(String id, WeightScore score, ModuleAverage average) {
        return new Builder(id, Source.WEIGHTS, null, new FromWeights(score, average))
                .withoutInterval("It has no interval, since it follows from the weights: no rows are drawn.");
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
     * Returns true if the measure compares two hidden states; a measure from gradients or weights has one value per layer only.
     */
    public boolean isSimilarity() {
        return source == Source.REPRESENTATIONS || source == Source.TOKENS;
    }

    /** Returns the data that the measure is computed from. */
    public Source source() {
        return source;
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
     * Returns the importance of linear maps.
     *
     * @throws IllegalArgumentException if the measure is not computed from weights
     */
    public ModuleImportance of(List<WeightSpectrum> spectra) {
        FromWeights weights = requireWeights();
        return new ModuleImportance(spectra.stream()
                .map(spectrum -> new ModuleImportance.Module(
                        spectrum.module(),
                        spectrum.type(),
                        spectrum.layer(),
                        weights.score().of(spectrum)))
                .toList());
    }

    /**
     * Returns the importance of layers from that of their linear maps.
     *
     * @throws IllegalArgumentException if the measure is not computed from weights
     */
    public LayerImportance ofLayers(ModuleImportance modules, int layers) {
        return modules.ofLayers(layers, requireWeights().average());
    }

    /** Returns the values of linear maps by which layers can be compared, as {@link ModuleAverage} says. */
    public ModuleImportance comparable(ModuleImportance modules) {
        return modules.scaled(requireWeights().average());
    }

    /** Returns the axis title of the values of {@link #comparable}. */
    public String comparableTitle() {
        return requireWeights().average() == ModuleAverage.OF_TYPE_MEAN ? shortName + " / mean of the type" : shortName;
    }

    private FromWeights requireWeights() {
        if (fromWeights == null) {
            throw new IllegalArgumentException(id + " does not follow from weights");
        }
        return fromWeights;
    }

    /** Returns the name in files and on the command line. */
    @Override
    public String toString() {
        return id;
    }

    /** Definition of a measure. Title, short name and description are required. */
    public static final class Builder {

        private final String id;
        private final Source source;
        private final @Nullable Computation computation;
        private final @Nullable FromWeights fromWeights;
        private String title = "";
        private String shortName = "";
        private @Nullable String noun;
        private String description = "";
        private List<Citation> citations = List.of();
        private Function<MeasureOptions, String> methods = options -> "";
        private @Nullable String withoutInterval;
        private IntFunction<Optional<String>> remark = samples -> Optional.empty();
        private double lower;
        private boolean symmetric = true;
        private boolean cka;

        private Builder(
                String id, Source source, @Nullable Computation computation, @Nullable FromWeights fromWeights) {
            this.id = id;
            this.source = source;
            this.computation = computation;
            this.fromWeights = fromWeights;
        }

        public Builder title(String words) {
            title = words;
            return this;
        }

        public Builder shortName(String word) {
            shortName = word;
            return this;
        }

        /** Sets the name within a sentence on one of its values, unless that is the short name. */
        public Builder noun(String words) {
            noun = words;
            return this;
        }

        public Builder description(String sentences) {
            description = sentences;
            return this;
        }

        public Builder citing(Citation... papers) {
            citations = List.of(papers);
            return this;
        }

        /** Sets the words on the options in a methods paragraph, with a space before them. */
        public Builder methods(Function<MeasureOptions, String> words) {
            methods = words;
            return this;
        }

        /** Excludes intervals from a bootstrap, for the reason in a sentence. */
        public Builder withoutInterval(String reason) {
            withoutInterval = reason;
            return this;
        }

        /** Sets the sentence that a reader of values from a number of examples must know. */
        public Builder remark(IntFunction<String> sentence) {
            remark = samples -> Optional.of(sentence.apply(samples));
            return this;
        }

        /** Extends the displayed range to -1, for similarities that can be negative. */
        public Builder fromMinusOne() {
            lower = -1;
            return this;
        }

        /** Marks the measure as dependent on the order of the two hidden states. */
        public Builder asymmetric() {
            symmetric = false;
            return this;
        }

        /** Marks the measure as a kind of CKA. */
        public Builder cka() {
            cka = true;
            return this;
        }

        /** @throws IllegalStateException if a required word is missing */
        public Measure build() {
            if (title.isEmpty() || shortName.isEmpty() || description.isEmpty()) {
                throw new IllegalStateException("the measure " + id + " lacks a title, a short name or a description");
            }
            return new Measure(this);
        }
    }
}
