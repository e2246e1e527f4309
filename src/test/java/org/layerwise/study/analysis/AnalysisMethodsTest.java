package org.layerwise.study.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.gradient.GradientScores;
import org.layerwise.analysis.measure.Measures;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.analysis.similarity.Pwcca;
import org.layerwise.analysis.similarity.RbfCka;
import org.layerwise.analysis.similarity.Svcca;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.IntervalKind;
import org.layerwise.analysis.uncertainty.Reliability;
import org.layerwise.analysis.uncertainty.Resamples;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.analysis.uncertainty.UnrelatedSimilarity;
import org.layerwise.base.Citation;
import org.layerwise.run.ModelIdentity;
import org.layerwise.run.Provenance;
import org.layerwise.run.RunFileNames;
import org.layerwise.selection.LayerKind;
import org.layerwise.selection.LayerKinds;
import org.layerwise.selection.LayerLocks;
import org.layerwise.selection.LayerSelector;
import org.layerwise.selection.ModelKind;
import org.layerwise.selection.SelectionRule;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.training.TrainingMethodsTest;

class AnalysisMethodsTest {

    @TempDir
    Path folder;

    @Test
    void anAnalysisIsToldWithItsNumbersAndItsSources() {
        assertThat(AnalysisMethods.of(analysis(List.of(RbfCka.MEASURE, GradientScores.FISHER), 3.25, "2026-01-01")))
                .isEqualTo(
                        """
                        The 2 layers of tiny were compared on 16 examples of reviews (rows.tsv), cut after 128 tokens (1 of them \
                        was longer). An example was represented by the hidden states of its last token, after the embedding and \
                        after each layer, the last one after the final norm. The importance of a layer is one less the similarity \
                        of its input and its output (Ogawa et al., 2026), measured by RBF CKA with a bandwidth of 0.5 times the \
                        median distance (Kornblith et al., 2019). Importance was also measured by empirical Fisher information \
                        (Sung et al., 2021) on the labelled examples, without updating the model. By RBF CKA, the most important \
                        share of 0.5 of the layers was selected (Ogawa et al., 2026): 1 layer of 2, counted from 0: 0. The \
                        importance of layer 1 is undefined; such layers were left out of the ranking. Over 1000 bootstrap \
                        replicates of the examples (Efron, 1979; seed 7), a replicate selects on average 0.9800 of the selected \
                        layers. The 95 % interval is for the value of all the rows that these are a random sample of. Few rows \
                        make this importance too low; the interval corrects that, so it may lie above the importance shown. What \
                        unrelated data would give was estimated from 100 permutations of the examples (seed 7). The \
                        model's revision is abc and the SHA-256 of the rows is f00d. All was computed with Layerwise 1.2 \
                        (libtorch 2.7.1, Java 17) on the device cpu in float32, with 2 threads and the instruction set AVX512 on \
                        the processor.

                        References
                        - S. Kornblith, M. Norouzi, H. Lee and G. Hinton. Similarity of Neural Network Representations Revisited. \
                        ICML 2019. arXiv:1905.00414.
                        - Y.-L. Sung, V. Nair and C. Raffel. Training Neural Networks with Fixed Sparse Masks. NeurIPS 2021. \
                        arXiv:2111.09839.
                        - K. A. Ogawa, B. L. Yamamoto, L. L. de Alcantara, L. Pellicer, R. P. Costa, E. Bollis, A. H. Reali Costa \
                        and A. Jordao. Layer-wise LoRA fine-tuning: a similarity metric approach. arXiv:2602.05988, 2026.
                        - B. Efron. Bootstrap Methods: Another Look at the Jackknife. The Annals of Statistics 7(1):1-26, 1979.
                        """);
    }

    /** Rows of token ids are never cut, however long they are. */
    @Test
    void rowsThatWereNotCutAreNotSaidToBe() {
        assertThat(AnalysisMethods.of(analysis(List.of(RbfCka.MEASURE), 3.25, "2026-01-01", 0)))
                .startsWith("The 2 layers of tiny were compared on 16 examples of reviews (rows.tsv). An example");
    }

    @ParameterizedTest
    @MethodSource("selections")
    void aSelectionIsToldByItsMeasureItsRuleAndItsLocks(SelectionRule rule, LayerLocks locks, String expected) {
        Analysis analysis = analysis(List.of(RbfCka.MEASURE, LinearCka.MEASURE), 3.25, "2026-01-01");
        MeasureResult second = analysis.results().get(1);
        UndefinedLayers undefined = UndefinedLayers.INCLUDE;

        assertThat(AnalysisMethods.of(
                        analysis, second, LayerSelector.select(second.importance(), rule, locks, undefined)))
                .contains(expected);
    }

    static Stream<Arguments> selections() {
        LayerLocks none = LayerLocks.none();
        return Stream.of(
                Arguments.of(
                        new SelectionRule.TopRatio(1),
                        none,
                        "By linear CKA, the most important share of 1 of the layers was selected (Ogawa et al., 2026):"
                                + " 2 layers of 2, counted from 0: 0,1. The importance of layer 1 is undefined; such"
                                + " layers were ranked first. Over 1000 bootstrap replicates of the examples (Efron,"
                                + " 1979; seed 7), a replicate selects on average 0.9800 of the layers that a share of"
                                + " 0.5 alone selects."),
                Arguments.of(
                        new SelectionRule.TopRatio(0.5),
                        LayerLocks.of(List.of(1), List.of(0)),
                        "1 layer of 2, counted from 0: 1. Layer 1 was selected in any case. Layer 0 was left out in any"
                                + " case."),
                Arguments.of(
                        new SelectionRule.TopN(1),
                        none,
                        "By linear CKA, the most important layer was selected: 1 layer of 2"),
                Arguments.of(
                        new SelectionRule.Threshold(0.25),
                        none,
                        "By linear CKA, the layers with an importance of at least 0.25 were selected: 2 layers of 2"),
                Arguments.of(
                        new SelectionRule.OfKind(LayerKind.MIXTURE, new TreeSet<>(List.of(1))),
                        none,
                        "All layers of one kind (mixture of experts) were selected: 1 layer of 2, counted from 0: 1."),
                Arguments.of(
                        SelectionRule.ByHand.of(List.of(1)),
                        none,
                        "The layers were selected by hand: 1 layer of 2, counted from 0: 1. Over 1000 bootstrap"));
    }

    @Test
    void knownResamplesSelectByTheRuleOfTheSelection() {
        Analysis analysis = analysis(List.of(LinearCka.MEASURE), 3.25, "2026-01-01");
        MeasureResult without = analysis.primary();
        Uncertainty known = without.uncertainty();
        Resamples resamples = new Resamples(
                without.importance(),
                new double[][] {{0.7, 0.8, 0.1, 0.9}, {Double.NaN, Double.NaN, Double.NaN, Double.NaN}},
                4);
        MeasureResult result = new MeasureResult(
                LinearCka.MEASURE,
                without.similarity(),
                without.importance(),
                new Uncertainty(
                        4, 0.95, 7, known.kind(), known.intervals(), known.selected(), 0.98, List.of(), resamples),
                null);

        assertThat(AnalysisMethods.of(
                        analysis,
                        result,
                        LayerSelector.select(
                                result.importance(),
                                new SelectionRule.Threshold(0.5),
                                LayerLocks.none(),
                                UndefinedLayers.EXCLUDE)))
                .contains("a replicate selects on average 0.7500 of the selected layers.");
    }

    @Test
    void theReliabilityIsSaidWithItsSource() {
        Analysis analysis = analysis(List.of(LinearCka.MEASURE), 3.25, "2026-01-01");
        MeasureResult result = analysis.primary().with(null, null, new Reliability(0.9, 0.9 / 1.1, 20, 64, 7));

        assertThat(AnalysisMethods.of(analysis, result, analysis.proposed(result)))
                .contains("The split-half reliability of the ranking is 0.9000 (Spearman, 1910): the mean Spearman"
                        + " correlation of 20 random splits of the examples (64 rows a half; seed 7), stepped up"
                        + " to all examples.")
                .contains("Correlation Calculated from Faulty Data");
    }

    @Test
    void neitherTheTimeNorTheLanguageOfTheMachineIsInIt() {
        String first = AnalysisMethods.of(analysis(List.of(LinearCka.MEASURE), 3.25, "2026-01-01"));
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertThat(AnalysisMethods.of(analysis(List.of(LinearCka.MEASURE), 99, "2027-01-01")))
                    .isEqualTo(first)
                    .doesNotContain("/somewhere");
        } finally {
            Locale.setDefault(before);
        }
    }

    static List<Measure> measures() {
        return Measures.ALL;
    }

    @ParameterizedTest
    @MethodSource("measures")
    void everyMeasureHasItsSourceInTheList(Measure measure) {
        String text = AnalysisMethods.of(analysis(List.of(measure), 1, ""));

        assertThat(text).contains(measure.title());
        if (measure == Svcca.MEASURE || measure == Pwcca.MEASURE) {
            assertThat(text).contains(measure.title() + " on the directions with 0.99 of the variance");
        }
        for (Citation source : measure.citations()) {
            assertThat(text).contains(source.shortForm(), "- " + source.entry() + "\n");
        }
    }

    @Test
    void itLiesInTheFolderOfTheAnalysis() {
        Analysis analysis = analysis(List.of(LinearCka.MEASURE), 1, "2026-01-01");

        AnalysisFolder.write(analysis, folder);

        assertThat(folder.resolve(RunFileNames.METHODS)).content().isEqualTo(AnalysisMethods.of(analysis));
    }

    private static Similarity value(double number) {
        return new Similarity.Value(number);
    }

    private static Similarity none() {
        return new Similarity.Undefined("State 2 is constant.");
    }

    static Analysis analysis(List<Measure> measures, double seconds, String computed) {
        return analysis(measures, seconds, computed, 1);
    }

    private static Analysis analysis(List<Measure> measures, double seconds, String computed, int cutRows) {
        SimilarityMatrix matrix = new SimilarityMatrix(List.of(
                List.of(value(1), value(0.25), none()),
                List.of(value(0.25), value(1), none()),
                List.of(none(), none(), none())));
        Uncertainty uncertainty = new Uncertainty(
                1000,
                0.95,
                7,
                IntervalKind.DEBIASED,
                Arrays.asList(new Interval(0.6, 0.8), null),
                List.of(0.98, 0.0),
                0.98,
                List.of());
        UnrelatedSimilarity baseline =
                new UnrelatedSimilarity(100, 7, Arrays.asList(new UnrelatedSimilarity.Level(0.2, 0.3), null));
        List<MeasureResult> results = measures.stream()
                .map(measure -> result(measure, matrix, uncertainty, baseline))
                .toList();
        return new Analysis(
                "tiny",
                ModelKind.DECODER,
                LayerKinds.NONE,
                "/somewhere/rows.tsv",
                "reviews",
                Position.LAST,
                16,
                cutRows,
                results,
                null,
                new AnalysisSettings(
                        Position.LAST,
                        0.5,
                        UndefinedLayers.EXCLUDE,
                        "reviews",
                        measures,
                        new MeasureOptions(0.5, 0.99, 64),
                        1000,
                        100,
                        7),
                DataSettings.of("/somewhere/rows.tsv"),
                new Provenance(
                        "sample",
                        new ModelIdentity("abc", null, null),
                        "f00d",
                        null,
                        null,
                        TrainingMethodsTest.versions(),
                        computed,
                        seconds),
                List.of(),
                null);
    }

    private static MeasureResult result(
            Measure measure,
            SimilarityMatrix matrix,
            @Nullable Uncertainty uncertainty,
            @Nullable UnrelatedSimilarity baseline) {
        LayerImportance importance = measure.isSimilarity()
                ? LayerImportance.of(matrix)
                : LayerImportance.ofScores(List.of(value(63.77), none()));
        return measure.isSimilarity()
                ? new MeasureResult(measure, matrix, importance, uncertainty, baseline)
                : new MeasureResult(measure, null, importance, null, null);
    }
}
