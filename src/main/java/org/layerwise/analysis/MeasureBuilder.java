package org.layerwise.analysis;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Citation;

/** Definition of a measure. Title, short name and description are required. */
public final class MeasureBuilder {

    final String id;
    final Measure.Source source;
    Measure.@Nullable Computation computation;
    Measure.@Nullable WeightScore score;

    @Nullable
    ModuleAverage average;

    String title = "";
    String shortName = "";

    @Nullable
    String noun;

    String description = "";
    List<Citation> citations = List.of();
    Function<MeasureOptions, String> methods = options -> "";

    @Nullable
    String withoutInterval;

    IntFunction<Optional<String>> remark = samples -> Optional.empty();
    double lower;
    boolean symmetric = true;
    boolean cka;
    boolean metric;
    boolean rows = true;
    String withoutModules = "No linear map of this layer has a weight of its own.";

    MeasureBuilder(String id, Measure.Source source) {
        this.id = id;
        this.source = source;
    }

    MeasureBuilder computation(Measure.Computation from) {
        computation = from;
        return this;
    }

    MeasureBuilder score(Measure.WeightScore ofMap) {
        score = ofMap;
        return this;
    }

    MeasureBuilder average(ModuleAverage rule) {
        average = rule;
        return this;
    }

    /** Sets the sentence on why a layer without a linear map is undefined. */
    MeasureBuilder withoutModules(String reason) {
        withoutModules = reason;
        return this;
    }

    public MeasureBuilder title(String words) {
        title = words;
        return this;
    }

    public MeasureBuilder shortName(String word) {
        shortName = word;
        return this;
    }

    /** Sets the name within a sentence on one of its values, unless that is the short name. */
    public MeasureBuilder noun(String words) {
        noun = words;
        return this;
    }

    public MeasureBuilder description(String sentences) {
        description = sentences;
        return this;
    }

    public MeasureBuilder citing(Citation... papers) {
        citations = List.of(papers);
        return this;
    }

    /** Sets the words on the options in a methods paragraph, with a space before them. */
    public MeasureBuilder methods(Function<MeasureOptions, String> words) {
        methods = words;
        return this;
    }

    /** Excludes intervals from a bootstrap, for the reason in a sentence. */
    public MeasureBuilder withoutInterval(String reason) {
        withoutInterval = reason;
        return this;
    }

    /** Marks the measure as one that needs no rows of data. */
    public MeasureBuilder withoutRows() {
        rows = false;
        return this;
    }

    /** Sets the sentence that a reader of values from a number of examples must know. */
    public MeasureBuilder remark(IntFunction<String> sentence) {
        remark = samples -> Optional.of(sentence.apply(samples));
        return this;
    }

    /** Extends the displayed range to -1, for similarities that can be negative. */
    public MeasureBuilder fromMinusOne() {
        lower = -1;
        return this;
    }

    /** Marks the measure as dependent on the order of the two hidden states. */
    public MeasureBuilder asymmetric() {
        symmetric = false;
        return this;
    }

    /** Marks 1 minus the similarity as a distance in the mathematical sense. */
    public MeasureBuilder metric() {
        metric = true;
        return this;
    }

    /** Marks the measure as a kind of CKA. */
    public MeasureBuilder cka() {
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
