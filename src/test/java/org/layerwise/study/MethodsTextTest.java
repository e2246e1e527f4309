package org.layerwise.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.IntervalKind;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.analysis.uncertainty.UnrelatedSimilarity;
import org.layerwise.data.ReferenceCompatibility;
import org.layerwise.data.SamplingMode;
import org.layerwise.lora.Bias;
import org.layerwise.lora.LoraConfig;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;
import org.layerwise.selection.LayerLocks;
import org.layerwise.selection.LayerSelector;
import org.layerwise.selection.ModelKind;
import org.layerwise.selection.SelectionRule;
import org.layerwise.settings.SettingValues;
import org.layerwise.testing.Optimisers;
import org.layerwise.training.Evaluation;
import org.layerwise.training.OptimiserSettings;
import org.layerwise.training.Scheduler;
import org.layerwise.training.TaskKind;
import org.layerwise.training.TrainerSettings;

class MethodsTextTest {

    @TempDir
    Path folder;

    @Test
    void anAnalysisIsToldWithItsNumbersAndItsSources() {
        assertThat(MethodsText.of(analysis(List.of(Measure.RBF_CKA, Measure.FISHER), 3.25, "2026-01-01")))
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

    @ParameterizedTest
    @MethodSource("selections")
    void aSelectionIsToldByItsMeasureItsRuleAndItsLocks(SelectionRule rule, LayerLocks locks, String expected) {
        Analysis analysis = analysis(List.of(Measure.RBF_CKA, Measure.LINEAR_CKA), 3.25, "2026-01-01");
        MeasureResult second = analysis.results().get(1);
        UndefinedLayers undefined = UndefinedLayers.INCLUDE;

        assertThat(MethodsText.of(analysis, second, LayerSelector.select(second.importance(), rule, locks, undefined)))
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
                        SelectionRule.ByHand.of(List.of(1)),
                        none,
                        "The layers were selected by hand: 1 layer of 2, counted from 0: 1. Over 1000 bootstrap"));
    }

    @Test
    void neitherTheTimeNorTheLanguageOfTheMachineIsInIt() {
        String first = MethodsText.of(analysis(List.of(Measure.LINEAR_CKA), 3.25, "2026-01-01"));
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertThat(MethodsText.of(analysis(List.of(Measure.LINEAR_CKA), 99, "2027-01-01")))
                    .isEqualTo(first)
                    .doesNotContain("/somewhere");
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyMeasureHasItsSourceInTheList(Measure measure) {
        String text = MethodsText.of(analysis(List.of(measure), 1, ""));

        assertThat(text).contains(measure.title());
        if (measure == Measure.SVCCA || measure == Measure.PWCCA) {
            assertThat(text).contains(measure.title() + " on the directions with 0.99 of the variance");
        }
        for (Citation source : Citation.of(measure)) {
            assertThat(text).contains(source.shortForm(), "- " + source.entry() + "\n");
        }
    }

    @Test
    void itLiesInTheFolderOfTheAnalysis() {
        Analysis analysis = analysis(List.of(Measure.LINEAR_CKA), 1, "2026-01-01");

        AnalysisFolder.write(analysis, folder);

        assertThat(folder.resolve(MethodsText.FILE)).content().isEqualTo(MethodsText.of(analysis));
    }

    @Test
    void aTrainingIsToldWithItsNumbersAndItsSources() {
        assertThat(run(new TreeSet<>(List.of(1)), false, 3))
                .isEqualTo(
                        """
                        tiny was fine-tuned with LoRA (Hu et al., 2022) on 1 of its 2 layers (Ogawa et al., 2026), counted from 0: \
                        1. The modules query and value got adapters of rank 8 with alpha 16 and dropout 0.1; 1200 of 64000 \
                        parameters were trained (1.8750 %), 1000 of them in the adapters. The data were 64 examples of rows.tsv \
                        (classification), cut after 128 tokens (2 of them were longer). It was trained with AdamW (Loshchilov and \
                        Hutter, 2019) for 8 steps of 2 x 4 examples, at a learning rate of 0.0005 (linear schedule, 3 warm-up \
                        steps), with weight decay 0, gradients clipped at norm 1, and seed 5. Before training, on 10 validation \
                        rows: accuracy 0.5000 (95 % interval 0.2366 to 0.7634) and loss 0.7000. After it, on 10 validation rows: \
                        accuracy 0.9000 (95 % interval 0.5958 to 0.9821) and loss 0.2500. \
                        All was computed with Layerwise 1.2 (libtorch 2.7.1, Java 17) on the device cpu in float32, with 2 threads \
                        and the instruction set AVX512 on the processor.

                        References
                        - E. J. Hu, Y. Shen, P. Wallis, Z. Allen-Zhu, Y. Li, S. Wang, L. Wang and W. Chen. LoRA: Low-Rank \
                        Adaptation of Large Language Models. ICLR 2022. arXiv:2106.09685.
                        - K. A. Ogawa, B. L. Yamamoto, L. L. de Alcantara, L. Pellicer, R. P. Costa, E. Bollis, A. H. Reali Costa \
                        and A. Jordao. Layer-wise LoRA fine-tuning: a similarity metric approach. arXiv:2602.05988, 2026.
                        - I. Loshchilov and F. Hutter. Decoupled Weight Decay Regularization. ICLR 2019. arXiv:1711.05101.
                        """);
    }

    @Test
    void aTrainingOfAllLayersDoesNotClaimAMethodThatItDidNotUse() {
        String text = run(new TreeSet<>(List.of(0, 1)), true, 0);

        assertThat(text)
                .contains(
                        "on all 2 layers.", "for 8 steps (stopped before the last of 20) of", "(linear schedule), with")
                .doesNotContain("Ogawa");
    }

    @Test
    void threadsOfAnEarlierVersionAreNotKnown() {
        MethodsParagraph prose = new MethodsParagraph();

        prose.software(Map.of("layerwise", "1.0", "device", "cpu"));

        assertThat(prose.text()).contains("All was computed with Layerwise 1.0 on the device cpu.");
    }

    private static Map<String, String> versions() {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("layerwise", "1.2");
        versions.put("libtorch", "2.7.1");
        versions.put("java", "17");
        versions.put("device", "cpu");
        versions.put("dtype", "float32");
        versions.put("threads", "2");
        versions.put("instruction-set", "AVX512");
        return versions;
    }

    @Test
    void theVariantAndItsSourcesAreTold() {
        LoraConfig pissa = new LoraConfig(
                8,
                16,
                0.1,
                List.of("query", "value"),
                new TreeSet<>(List.of(1)),
                LoraVariant.of("rslora+dora+pissa_niter_4"),
                Bias.LORA_ONLY,
                Map.of("query", 4),
                Map.of("value", 2.5),
                List.of());
        MethodsText.Recipe recipe = with(plain(3).values().with(LoraSettings.MODULES_TO_SAVE, List.of("pooler")));

        assertThat(run(ended(false, false, 8), pissa, recipe))
                .startsWith(
                        "tiny was fine-tuned with rank-stabilised DoRA (Hu et al., 2022; Kalajdzievski, 2023; Liu et al.,"
                                + " 2024) initialised by PiSSA (Meng et al., 2024) with 4 iterations of the randomised SVD (Halko et"
                                + " al., 2011) on 1 of its 2 layers")
                .contains(
                        "Exceptions were rank 4 for query and alpha 2.5 for value. The biases of the modules with adapters were"
                                + " also trained. The module pooler was trained in full.",
                        "- D. Kalajdzievski.",
                        "- S.-Y. Liu,",
                        "- F. Meng,",
                        "- N. Halko,");
    }

    @Test
    void everySettingThatChangesNumbersIsToldIfItIsNotTheDefault() {
        SettingValues values = plain(3).values()
                .with(OptimiserSettings.LORA_PLUS_RATIO, 16.0)
                .with(OptimiserSettings.LABEL_SMOOTHING, 0.1)
                .with(OptimiserSettings.MODEL_DROPOUT, Optional.of(0.2))
                .with(OptimiserSettings.ADAM_EPSILON, 1e-6)
                .with(OptimiserSettings.GROUP_BY_LENGTH, true)
                .with(RunSettings.GRADIENT_CHECKPOINTING, true)
                .with(OptimiserSettings.SCHEDULER_POWER, 2.0);

        assertThat(run(ended(false, false, 8), lora(List.of(1)), with(values)))
                .contains(
                        "The learning rate of the B matrices was 16 times that of the others, as in LoRA+ (Hayou et al., 2024). Of"
                                + " the other settings, these differed from the default: Model dropout (0.2), Adam epsilon (0.000001),"
                                + " Group by length (true) and Label smoothing (0.1). Before training");
        assertThat(run(
                        ended(false, false, 8),
                        lora(List.of(1)),
                        with(plain(3).values().with(OptimiserSettings.ADAM_EPSILON, 1e-8))))
                .doesNotContain("Of the other settings");
    }

    @Test
    void aTrainingThatStoppedEarlyAndItsKeptAdapterAreTold() {
        SettingValues values = plain(3).values()
                .with(RunSettings.KEEP_BEST, true)
                .with(RunSettings.PATIENCE, 2)
                .with(RunSettings.EVALUATE_EVERY, 2);

        assertThat(run(ended(false, true, 4), lora(List.of(1)), with(values)))
                .contains(
                        "for 8 steps (stopped early, of 20 planned, after 2 evaluations in a row without a better accuracy) of",
                        "Before training, on 10 validation rows: accuracy 0.5000",
                        "The validation rows were evaluated every 2 steps. The adapter of step 4 was kept, the best by accuracy."
                                + " With it, on 10 validation rows: accuracy 0.9000")
                .doesNotContain("After it", "Of the other settings");
    }

    @Test
    void howRowsWereReadIsTold() {
        DataSettings rows = DataSettings.of("/somewhere/rows.tsv")
                .withSampling(SamplingMode.STRATIFIED, 9)
                .withCompatibility(Set.of(ReferenceCompatibility.EOS_IS_PADDING));

        assertThat(run(ended(false, false, 8), lora(List.of(1)), plain(3), rows))
                .contains(
                        "The examples were drawn at random, each class with its share (seed 9). Tokens were treated as in the"
                                + " public code of the method (eos-is-padding). It was trained");
    }

    private static String run(TreeSet<Integer> layers, boolean cancelled, int warmup) {
        MethodsText.Recipe recipe = plain(warmup);
        MethodsText.Recipe asked = new MethodsText.Recipe(
                recipe.values(),
                new TrainerSettings.Schedule(Scheduler.LINEAR, warmup, cancelled ? 20 : 8),
                recipe.batches());
        return run(ended(layers, cancelled, false, 8), lora(layers), asked);
    }

    private static LoraConfig lora(Collection<Integer> layers) {
        return new LoraConfig(8, 16, 0.1, List.of("query", "value"), layers);
    }

    private static MethodsText.Recipe plain(int warmup) {
        return new MethodsText.Recipe(
                Optimisers.of(5e-4, 0, 1).values().with(TrainingSettings.SEED, 5L),
                new TrainerSettings.Schedule(Scheduler.LINEAR, warmup, 20),
                new TrainerSettings.Grouping(4, 2, false));
    }

    private static MethodsText.Recipe with(SettingValues values) {
        return new MethodsText.Recipe(values, plain(3).schedule(), plain(3).batches());
    }

    private static TrainingSummary ended(boolean cancelled, boolean early, int kept) {
        return ended(new TreeSet<>(List.of(1)), cancelled, early, kept);
    }

    private static TrainingSummary ended(TreeSet<Integer> layers, boolean cancelled, boolean early, int kept) {
        return new TrainingSummary(
                Path.of("run"),
                cancelled,
                early,
                8,
                kept,
                2,
                layers,
                1000,
                1200,
                64_000,
                new Evaluation(0.7, 10, Map.of("accuracy", 0.5)),
                new Evaluation(0.25, 10, Map.of("accuracy", 0.9)),
                null,
                0.2,
                12.5,
                1.5,
                0);
    }

    private static String run(TrainingSummary summary, LoraConfig lora, MethodsText.Recipe recipe) {
        return run(summary, lora, recipe, DataSettings.of("/somewhere/rows.tsv"));
    }

    private static String run(TrainingSummary summary, LoraConfig lora, MethodsText.Recipe recipe, DataSettings rows) {
        return MethodsText.of(
                summary,
                new SummaryFile.Subject("tiny", "/somewhere/rows.tsv", TaskKind.CLASSIFICATION, 64, 2, lora),
                rows,
                recipe,
                versions());
    }

    @Test
    void whatAClusterComputedIsToldApart() {
        Map<String, String> there = new LinkedHashMap<>(Map.of("layerwise", "1.2", "remote", "lab", "workers", "2"));
        there.put("device", "cpu");
        there.put("dtype", "bfloat16");
        MethodsParagraph analysis = new MethodsParagraph();
        analysis.software(there);
        assertThat(analysis.text())
                .startsWith(
                        "The hidden states were computed on a cluster by 2 workers with PyTorch and transformers in bfloat16, all else with Layerwise 1.2 on the device cpu.");
        there.putAll(Map.of("torch", "2.7.1", "transformers", "4.55.4", "peft", "0.17.1", "workers", "1"));
        MethodsParagraph training = new MethodsParagraph();
        training.software(there);
        assertThat(training.text())
                .startsWith(
                        "It was planned with Layerwise 1.2 and computed on a cluster by 1 worker on the device cpu with PyTorch 2.7.1, transformers 4.55.4 and PEFT 0.17.1 in bfloat16.");
    }

    private static Similarity value(double number) {
        return new Similarity.Value(number);
    }

    private static Similarity none() {
        return new Similarity.Undefined("State 2 is constant.");
    }

    static Analysis analysis(List<Measure> measures, double seconds, String computed) {
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
                "/somewhere/rows.tsv",
                "reviews",
                Position.LAST,
                16,
                1,
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
                        versions(),
                        computed,
                        seconds),
                List.of());
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
