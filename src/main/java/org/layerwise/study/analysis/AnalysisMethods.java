package org.layerwise.study.analysis;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.run.Provenance;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.ModelKind;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.report.MethodsParagraph;
import org.layerwise.study.report.Papers;

/**
 * Paragraph on an analysis for the methods section of a paper, with the necessary references. Equal results give equal texts, since
 * the text contains no times and no folders of the machine.
 */
public final class AnalysisMethods {

    private AnalysisMethods() {}

    /** Returns the text for an analysis and the layers that it proposes. */
    public static String of(Analysis analysis) {
        return of(analysis, analysis.primary(), analysis.proposed());
    }

    /**
     * Returns the text for an analysis and a selection.
     *
     * @param result result of the measure that the selection follows
     * @param selection selection of layers of the analyzed model
     */
    public static String of(Analysis analysis, MeasureResult result, LayerSelection selection) {
        MethodsParagraph prose = new MethodsParagraph();
        input(prose, analysis);
        measures(prose, analysis);
        SelectionMethods selected = new SelectionMethods(analysis, result, selection);
        selected.selection(prose);
        selected.trust(prose);
        origin(prose, analysis.provenance());
        prose.software(analysis.versions());
        return prose.text();
    }

    private static void input(MethodsParagraph prose, Analysis analysis) {
        DataSettings rows = analysis.rows();
        if (!analysis.hasRows() || analysis.settings().needsNoData()) {
            prose.say(
                    "The %d layers of %s were compared by %s weights.",
                    analysis.layers(),
                    analysis.model(),
                    analysis.provenance().adapter() == null ? "their" : "an adapter's");
            return;
        }
        String data = MethodsParagraph.fileName(analysis.data());
        prose.say(
                "The %d layers of %s%s were compared on %s of %s%s%s.",
                analysis.layers(),
                analysis.model(),
                analysis.provenance().adapter() == null ? "" : " with an adapter",
                MethodsParagraph.count(analysis.samples(), "example"),
                analysis.task(),
                data.equals(analysis.task()) ? "" : " (" + data + ")",
                rows == null ? "" : MethodsParagraph.cut(rows, analysis.cutRows()));
        if (rows != null) {
            prose.rows(rows);
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

    private static void measures(MethodsParagraph prose, Analysis analysis) {
        MeasureOptions options = analysis.settings().options();
        List<String> similarities = new ArrayList<>();
        List<String> gradients = new ArrayList<>();
        List<String> forward = new ArrayList<>();
        List<String> weights = new ArrayList<>();
        List<String> changes = new ArrayList<>();
        for (MeasureResult result : analysis.results()) {
            Measure measure = result.measure();
            String cited = measure.citations().isEmpty() ? "" : " " + prose.cite(measure.citations());
            String words = measure.title() + measure.methods(options) + cited;
            switch (measure.source()) {
                case REPRESENTATIONS, TOKENS -> similarities.add(words);
                case GRADIENTS -> gradients.add(words);
                case LOSS, INPUTS -> forward.add(words);
                case WEIGHTS -> weights.add(words);
                case ADAPTER -> changes.add(words);
            }
        }
        if (!similarities.isEmpty()) {
            prose.say(
                    "The importance of a layer is one less the similarity of its input and its output %s, measured by"
                            + " %s.",
                    prose.cite(Papers.METHOD), MethodsParagraph.list(similarities));
        }
        String other = "The importance of a layer was";
        if (!similarities.isEmpty()) {
            other = "Importance was also";
        }
        if (!gradients.isEmpty()) {
            prose.say(
                    "%s measured by %s on the labelled examples, without updating the model.",
                    other, MethodsParagraph.list(gradients));
            other = "Importance was also";
        }
        if (!forward.isEmpty()) {
            prose.say("%s measured by %s, without gradients.", other, MethodsParagraph.list(forward));
            other = "Importance was also";
        }
        if (!weights.isEmpty()) {
            prose.say("%s measured by %s, without any example.", other, MethodsParagraph.list(weights));
            other = "Importance was also";
        }
        if (!changes.isEmpty()) {
            prose.say("%s measured by %s.", other, MethodsParagraph.list(changes));
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
}
