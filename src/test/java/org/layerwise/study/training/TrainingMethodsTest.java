package org.layerwise.study.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.data.SamplingMode;
import org.layerwise.data.token.ReferenceCompatibility;
import org.layerwise.lora.AdvancedLoraConfig;
import org.layerwise.lora.Bias;
import org.layerwise.lora.LoraConfig;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;
import org.layerwise.lora.PeftConfig;
import org.layerwise.lora.PlainLora;
import org.layerwise.run.SummaryFile;
import org.layerwise.run.TrainingSummary;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.testing.Optimisers;
import org.layerwise.training.Evaluation;
import org.layerwise.training.LearningRateScheduler;
import org.layerwise.training.OptimiserKind;
import org.layerwise.training.OptimiserSettings;
import org.layerwise.training.TaskKind;
import org.layerwise.training.TrainerSettings;

public class TrainingMethodsTest {

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

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "by their numbers (--layers)",
                "by hand",
                "by top 1 of linear-cka on rows (64 examples)",
                "at random for an experiment, as many as are selected, by the seed of the run"
            })
    void layersThatNoRatioSelectedDoNotClaimTheMethod(@Nullable String reason) {
        assertThat(run(
                        ended(false, false, 8),
                        lora(List.of(1)),
                        plain(3),
                        DataSettings.of("/somewhere/rows.tsv"),
                        reason))
                .contains("on 1 of its 2 layers, counted from 0: 1.")
                .doesNotContain("Ogawa");
    }

    @Test
    void adaptersThatStartFromOthersAreNotInitialisedAgain() {
        LoraConfig pissa = new LoraConfig(
                8,
                16,
                0.1,
                List.of("query"),
                new TreeSet<>(List.of(1)),
                LoraVariant.of("pissa"),
                Bias.NONE,
                Map.of(),
                Map.of(),
                List.of(),
                AdvancedLoraConfig.DEFAULTS);
        TrainingMethods.Recipe recipe =
                with(plain(3).values().with(LoraSettings.INIT_ADAPTER, Path.of("/somewhere/start")));

        assertThat(run(ended(false, false, 8), pissa, recipe))
                .startsWith("tiny was fine-tuned with LoRA (Hu et al., 2022) on 1 of its 2 layers")
                .contains("The adapters started from those of start, initialised by PiSSA (Meng et al., 2024).");
    }

    @Test
    void oloraIsNamed() {
        LoraConfig olora = PeftConfig.of(
                        SettingValues.none().with(LoraSettings.VARIANT, LoraVariant.of("olora")),
                        new TreeSet<>(List.of(1)),
                        List.of(),
                        List.of("query"),
                        null,
                        null)
                .lora(List.of());

        assertThat(run(ended(false, false, 8), olora, plain(3)))
                .startsWith(
                        "tiny was fine-tuned with LoRA (Hu et al., 2022) initialised by OLoRA (Büyükakyüz, 2024) on 1"
                                + " of its 2 layers");
    }

    @Test
    void missIsNamedWithoutAnAlpha() {
        LoraConfig miss = PeftConfig.of(
                        SettingValues.none().with(LoraSettings.VARIANT, LoraVariant.MISS),
                        new TreeSet<>(List.of(1)),
                        List.of(),
                        List.of("query"),
                        null,
                        null)
                .lora(List.of());

        assertThat(run(ended(false, false, 8), miss, plain(3)))
                .startsWith("tiny was fine-tuned with MiSS (Kang and Yin, 2024) on 1 of its 2 layers")
                .contains("The module query got adapters of rank 8 with dropout 0;")
                .contains("Simple Shard Sharing. arXiv:2409.15371")
                .doesNotContain("LoRA-", "alpha");
    }

    public static Map<String, String> versions() {
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
    void theOptimiserAndItsSourceAreTold() {
        TrainingMethods.Recipe recipe = with(plain(3).values().with(OptimiserSettings.OPTIMISER, OptimiserKind.LION));

        assertThat(run(ended(false, false, 8), lora(List.of(1)), recipe))
                .contains("It was trained with Lion (Chen et al., 2023) for", "- X. Chen,")
                .doesNotContain("AdamW", "Optimizer");
    }

    @Test
    void adaptedExpertsAreTold() {
        List<String> weights =
                List.of("model.layers.1.mlp.experts.gate_up_proj", "model.layers.2.mlp.experts.gate_up_proj");
        for (List<String> modules : List.of(List.of("q_proj"), List.<String>of())) {
            LoraConfig lora = new LoraConfig(
                    8,
                    16,
                    0,
                    modules,
                    new TreeSet<>(List.of(1, 2)),
                    LoraVariant.PLAIN,
                    Bias.NONE,
                    Map.of(),
                    Map.of(),
                    List.of(),
                    new AdvancedLoraConfig(false, List.of(), List.of(), false, weights));

            assertThat(run(ended(false, false, 8), lora, with(plain(3).values())))
                    .contains(
                            modules.isEmpty()
                                    ? ". The experts' weights mlp.experts.gate_up_proj got adapters of rank 8"
                                    : " and the experts' weights mlp.experts.gate_up_proj got adapters of rank 8");
        }
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
                List.of(),
                AdvancedLoraConfig.DEFAULTS);
        TrainingMethods.Recipe recipe = with(plain(3).values().with(LoraSettings.MODULES_TO_SAVE, List.of("pooler")));

        assertThat(run(ended(false, false, 8), pissa, recipe))
                .startsWith(
                        "tiny was fine-tuned with rank-stabilised DoRA (Hu et al., 2022; Kalajdzievski, 2023; Liu et"
                                + " al., 2024) initialised by PiSSA (Meng et al., 2024) with 4 iterations of the"
                                + " randomised SVD (Halko et al., 2011) on 1 of its 2 layers")
                .contains(
                        "Exceptions were rank 4 for query and alpha 2.5 for value. The biases of the modules with"
                                + " adapters were also trained. The module pooler was trained in full.",
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
                .with(OptimiserSettings.PACKING, true)
                .with(RunSettings.GRADIENT_CHECKPOINTING, true)
                .with(OptimiserSettings.SCHEDULER_POWER, 2.0);

        assertThat(run(ended(false, false, 8), lora(List.of(1)), with(values)))
                .contains("The learning rate of the B matrices was 16 times that of the others, as in LoRA+ (Hayou et"
                        + " al., 2024). Of the other settings, these differed from the default: Model dropout"
                        + " (0.2), Adam epsilon (0.000001), Group by length (true), Packing (true) and Label"
                        + " smoothing (0.1). Before training");
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
                        "for 8 steps (stopped early, of 20 planned, after 2 evaluations in a row without a better"
                                + " accuracy) of",
                        "Before training, on 10 validation rows: accuracy 0.5000",
                        "The validation rows were evaluated every 2 steps. The adapter of step 4 was kept, the best by"
                                + " accuracy. With it, on 10 validation rows: accuracy 0.9000")
                .doesNotContain("After it", "Of the other settings");
    }

    @Test
    void howRowsWereReadIsTold() {
        DataSettings rows = DataSettings.of("/somewhere/rows.tsv")
                .withSampling(SamplingMode.STRATIFIED, 9)
                .withCompatibility(Set.of(ReferenceCompatibility.EOS_IS_PADDING));

        assertThat(run(ended(false, false, 8), lora(List.of(1)), plain(3), rows))
                .contains(
                        "The examples were drawn at random, each class with its share (seed 9). Tokens were treated as"
                                + " in the public code of the method (eos-is-padding). It was trained");
    }

    private static String run(TreeSet<Integer> layers, boolean cancelled, int warmup) {
        TrainingMethods.Recipe recipe = plain(warmup);
        TrainingMethods.Recipe asked = new TrainingMethods.Recipe(
                recipe.values(),
                new TrainerSettings.Schedule(
                        LearningRateScheduler.LINEAR, warmup, cancelled ? 20 : 8, LearningRateScheduler.Shape.DEFAULTS),
                recipe.batches());
        return run(ended(layers, cancelled, false, 8), lora(layers), asked);
    }

    private static LoraConfig lora(Collection<Integer> layers) {
        return PlainLora.config(8, 16, 0.1, List.of("query", "value"), layers);
    }

    private static TrainingMethods.Recipe plain(int warmup) {
        return new TrainingMethods.Recipe(
                Optimisers.of(5e-4, 0, 1).with(TrainingSettings.SEED, 5L),
                new TrainerSettings.Schedule(
                        LearningRateScheduler.LINEAR, warmup, 20, LearningRateScheduler.Shape.DEFAULTS),
                new TrainerSettings.Grouping(4, 2, false));
    }

    private static TrainingMethods.Recipe with(SettingValues values) {
        return new TrainingMethods.Recipe(values, plain(3).schedule(), plain(3).batches());
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

    private static String run(TrainingSummary summary, LoraConfig lora, TrainingMethods.Recipe recipe) {
        return run(summary, lora, recipe, DataSettings.of("/somewhere/rows.tsv"));
    }

    private static String run(
            TrainingSummary summary, LoraConfig lora, TrainingMethods.Recipe recipe, DataSettings rows) {
        return run(summary, lora, recipe, rows, "by ratio 0.5 of linear-cka on rows (64 examples)");
    }

    private static String run(
            TrainingSummary summary,
            LoraConfig lora,
            TrainingMethods.Recipe recipe,
            DataSettings rows,
            @Nullable String reason) {
        return TrainingMethods.of(
                summary,
                new SummaryFile.Subject("tiny", "/somewhere/rows.tsv", TaskKind.CLASSIFICATION, 64, 2, lora),
                rows,
                recipe,
                reason,
                versions());
    }
}
