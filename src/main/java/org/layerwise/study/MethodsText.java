package org.layerwise.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.data.ReferenceCompatibility;
import org.layerwise.data.SamplingMode;
import org.layerwise.selection.LayerList;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.ModelKind;
import org.layerwise.settings.SettingValues;
import org.layerwise.training.OptimiserSettings;
import org.layerwise.training.TrainerSettings;

/**
 * Paragraph for the methods section of a paper, with the necessary references. Equal results give equal texts, since
 * the text contains no times and no folders of the machine.
 */
public final class MethodsText {

    /** Name of the text file in the folder of an analysis or a run. */
    public static final String FILE = "methods.txt";

    private MethodsText() {}

    /**
     * Settings of a training.
     *
     * @param values values of {@link TrainingSettings#VALUES}
     */
    public record Recipe(SettingValues values, TrainerSettings.Schedule schedule, TrainerSettings.Grouping batches) {

        /**
         * Returns the recipe of settings.
         *
         * @param count number of rows
         */
        public static Recipe of(DataSettings rows, TrainingSettings settings, int count) {
            TrainerSettings.Grouping grouping = TrainerPlan.grouping(rows, settings);
            return new Recipe(
                    settings.values(),
                    OptimiserSettings.schedule(settings.values(), grouping.stepsPerEpoch(count)),
                    grouping);
        }
    }

    /** Returns the text for an analysis. */
    public static String of(Analysis analysis) {
        MethodsParagraph prose = new MethodsParagraph();
        input(prose, analysis);
        measures(prose, analysis);
        selection(prose, analysis);
        trust(prose, analysis);
        origin(prose, analysis.provenance());
        prose.software(analysis.versions());
        return prose.text();
    }

    private static void input(MethodsParagraph prose, Analysis analysis) {
        DataSettings rows = analysis.rows();
        String data = MethodsParagraph.fileName(analysis.data());
        prose.say(
                "The %d layers of %s%s were compared on %s of %s%s%s.",
                analysis.layers(),
                analysis.model(),
                analysis.provenance().adapter() == null ? "" : " with an adapter",
                MethodsParagraph.count(analysis.samples(), "example"),
                analysis.task(),
                data.equals(analysis.task()) ? "" : " (" + data + ")",
                rows == null
                        ? ""
                        : ", cut after %s tokens (%s of them %s longer)"
                                .formatted(
                                        rows.maxLength(),
                                        analysis.cutRows(),
                                        analysis.cutRows() == 1 ? "was" : "were"));
        if (rows != null) {
            rows(prose, rows);
        }
        boolean decoder = analysis.kind() != ModelKind.ENCODER;
        prose.say(
                "%s, after the embedding and after each layer%s.",
                analysis.position() == null
                        ? "An example was represented by the hidden states that were given"
                        : switch (analysis.position()) {
                            case FIRST -> "An example was represented by the hidden states of its first token";
                            case LAST -> "An example was represented by the hidden states of its last token";
                            case MEAN -> "An example was represented by the mean of the hidden states of its tokens";
                        },
                decoder && analysis.position() != null ? ", the last one after the final norm" : "");
    }

    /** Says how rows were drawn and tokens treated, where that is not the default. */
    static void rows(MethodsParagraph prose, DataSettings rows) {
        if (rows.sampling() != SamplingMode.FIRST) {
            prose.say(
                    "The examples were drawn at random%s (seed %d).",
                    rows.sampling() == SamplingMode.STRATIFIED ? ", each class with its share" : "",
                    rows.samplingSeed());
        }
        if (!rows.compatibility().isEmpty()) {
            prose.say(
                    "Tokens were treated as in the public code of the method (%s).",
                    rows.compatibility().stream()
                            .map(ReferenceCompatibility::id)
                            .sorted()
                            .collect(Collectors.joining(", ")));
        }
    }

    private static void measures(MethodsParagraph prose, Analysis analysis) {
        MeasureOptions options = analysis.settings().options();
        List<String> similarities = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (MeasureResult result : analysis.results()) {
            Measure measure = result.measure();
            String words = measure.title() + option(measure, options) + " " + prose.cite(Citation.of(measure));
            (measure.isSimilarity() ? similarities : others).add(words);
        }
        if (!similarities.isEmpty()) {
            prose.say(
                    "The importance of a layer is one less the similarity of its input and its output %s, measured by %s.",
                    prose.cite(Citation.METHOD), MethodsParagraph.list(similarities));
        }
        if (!others.isEmpty()) {
            prose.say(
                    "%s measured by %s on the labelled examples, without updating the model.",
                    similarities.isEmpty() ? "The importance of a layer was" : "Importance was also",
                    MethodsParagraph.list(others));
        }
    }

    private static String option(Measure measure, MeasureOptions options) {
        return switch (measure) {
            case RBF_CKA ->
                " with a bandwidth of %s times the median distance"
                        .formatted(MethodsParagraph.number(options.rbfBandwidth()));
            case SVCCA, PWCCA ->
                " on the directions with %s of the variance"
                        .formatted(MethodsParagraph.number(options.svccaVariance()));
            case MINIBATCH_CKA -> " in minibatches of " + MethodsParagraph.count(options.minibatch(), "example");
            default -> "";
        };
    }

    private static void selection(MethodsParagraph prose, Analysis analysis) {
        LayerImportance importance = analysis.importance();
        LayerSelection proposed = analysis.proposed();
        prose.say(
                "By %s, the most important share of %s of the layers was selected %s: %s of %d%s.",
                analysis.primary().measure().title(),
                MethodsParagraph.number(analysis.settings().ratio()),
                prose.cite(Citation.METHOD),
                MethodsParagraph.count(proposed.layers().size(), "layer"),
                analysis.layers(),
                proposed.layers().isEmpty() ? "" : ", counted from 0: " + LayerList.format(proposed.layers()));
        List<Integer> undefined = IntStream.range(0, importance.layers())
                .filter(layer -> importance.of(layer).isEmpty())
                .boxed()
                .toList();
        if (!undefined.isEmpty()) {
            prose.say(
                    "The importance of %s %s is undefined; %s.",
                    undefined.size() == 1 ? "layer" : "the layers",
                    LayerList.format(undefined),
                    analysis.settings().undefined() == UndefinedLayers.EXCLUDE
                            ? "such layers were left out of the ranking"
                            : "such layers were ranked first");
        }
    }

    private static void trust(MethodsParagraph prose, Analysis analysis) {
        MeasureResult primary = analysis.primary();
        if (primary.uncertainty() != null) {
            prose.say(
                    "Over %s of the examples (%s; seed %d), a replicate selects on average %s of the selected layers.",
                    MethodsParagraph.count(primary.uncertainty().replicates(), "bootstrap replicate"),
                    Citation.BOOTSTRAP.shortForm(),
                    primary.uncertainty().seed(),
                    MethodsParagraph.result(primary.uncertainty().expectedOverlap()));
            prose.cite(Citation.BOOTSTRAP);
            prose.say("%s", primary.uncertainty().kind().note());
        }
        if (primary.baseline() != null) {
            prose.say(
                    "What unrelated data would give was estimated from %s of the examples (seed %d).",
                    MethodsParagraph.count(primary.baseline().permutations(), "permutation"),
                    primary.baseline().seed());
        }
    }

    private static void origin(MethodsParagraph prose, Provenance provenance) {
        List<String> known = new ArrayList<>();
        add(known, "the model's revision is ", provenance.modelRevision());
        add(known, "the SHA-256 of its weights is ", provenance.modelSha256());
        add(known, "the SHA-256 of the rows is ", provenance.dataSha256());
        if (!known.isEmpty()) {
            String line = MethodsParagraph.list(known);
            prose.say("%s.", Character.toUpperCase(line.charAt(0)) + line.substring(1));
        }
    }

    private static void add(List<String> known, String words, @Nullable String value) {
        if (value != null) {
            known.add(words + value);
        }
    }

    /** Returns the text for a training. */
    public static String of(
            TrainingSummary summary,
            SummaryFile.Subject subject,
            DataSettings rows,
            Recipe recipe,
            Map<String, String> versions) {
        return new TrainingMethods(summary, subject, rows, recipe).text(versions);
    }
}
