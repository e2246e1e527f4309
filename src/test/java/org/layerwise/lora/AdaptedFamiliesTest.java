package org.layerwise.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.model.ClassificationHead;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;

/** Every family can be adapted: adapters start as the base, learn, and come back from their files as they were. */
class AdaptedFamiliesTest {

    private static final int LABELS = 3;

    private final TensorEngine engine = Engines.shared();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "roberta, classifier",
        "xlm_roberta, classifier",
        "roberta_base_model, classifier",
        "electra, classifier",
        "distilbert, pre_classifier",
        "deberta_v3, classifier",
        "deberta_v2_conv, classifier",
        "modernbert, classifier",
        "llama_seqcls, score",
        "llama, score",
        "mistral_window, score",
        "qwen3, score",
        "phi3, score",
        "gemma2_seqcls, score",
        "gpt2_seqcls, score",
        "llava, score",
        "v5/cohere2, score",
        "v5/gemma3_text, score",
        "v5/gemma4_dense, score",
        "v5/gemma4_moe, score",
        "v5/gemma4_e, score",
        "v5/embeddinggemma, score",
        "v5/glm, score",
        "v5/glm4, score",
        "v5/gpt_neox, score",
        "v5/gpt_oss, score",
        "v5/granite, score",
        "v5/ministral3, score",
        "v5/mixtral, score",
        "v5/olmo3, score",
        "v5/olmoe, score",
        "v5/qwen3_moe, score",
        "v5/qwen3_next, score",
        "v5/qwen3_5, score",
        "v5/smollm3, score",
        "v5/starcoder2, score",
        "v5/eurobert, classifier"
    })
    void adaptersLearnAndAreKept(String fixture, String saved) {
        int liveBefore = engine.liveTensors();
        for (DType type : List.of(DType.F32, DType.BF16)) {
            learnAndKeep(fixture, saved, type);
        }
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    private void learnAndKeep(String fixture, String saved, DType type) {
        Path place = folder.resolve(type.fileName());
        try (SafetensorsFile golden =
                        SafetensorsFile.open(Golden.folder(fixture).resolve("golden.safetensors"));
                TransformerModel base = TransformerModel.load(
                        engine,
                        ModelBlueprint.read(engine, Checkpoint.open(Golden.folder(fixture))),
                        Engines.device(),
                        type,
                        Progress.none())) {
            TokenBatch batch = Golden.batch(golden);
            int labels = base.storedLabels().orElse(LABELS);
            LoraConfig config = PlainLora.config(4, 8, 0, base.defaultTargets(), Set.of(0, 1));
            try (AdaptedModel model = AdaptedModel.classifier(base, config, labels, 3)) {
                double before = step(model, batch, labels, 0);
                double after = step(model, batch, labels, 0.05);
                for (int i = 0; i < 4; i++) {
                    after = step(model, batch, labels, 0.05);
                }
                assertThat(after).isLessThan(before);
                model.toPeft(new BaseModel("base", null)).write(place);
                PeftAdapter stored = PeftAdapter.read(place, engine);
                assertThat(stored.modulesToSave()).contains(saved);
                try (AdaptedModel again = AdaptedModel.load(base, stored, 0)) {
                    assertThat(logits(again, batch)).containsExactly(logits(model, batch), within(1e-6f));
                }
            }
        }
    }

    private float[] logits(AdaptedModel model, TokenBatch batch) {
        try (Scope scope = engine.inference()) {
            ModelInput input = model.base().input(batch);
            return ((ClassificationHead) model.head())
                    .logits(model.transformer().forward(input), input, ModelConfig.Dropout.NONE)
                    .floats();
        }
    }

    @Test
    void convolutionsOfDeltaNetworksAreTrainedInFullIn16Bits() {
        try (TransformerModel base = TransformerModel.load(
                        engine,
                        ModelBlueprint.read(engine, Checkpoint.open(Golden.folder("v5/qwen3_next"))),
                        Engines.device(),
                        DType.BF16,
                        Progress.none());
                AdaptedModel model = AdaptedModel.classifier(base, onOutputs(Bias.NONE, List.of("conv1d")), LABELS, 3);
                SafetensorsFile golden =
                        SafetensorsFile.open(Golden.folder("v5/qwen3_next").resolve("golden.safetensors"))) {
            TokenBatch batch = Golden.batch(golden);
            double before = step(model, batch, LABELS, 0.05);
            assertThat(step(model, batch, LABELS, 0.05)).isLessThan(before);
        }
    }

    /** As in PEFT 0.21: tensors such as dt_bias of gated delta networks are none. */
    @Test
    void onlyTensorsCalledBiasAreTrainedAsBiases() {
        try (TransformerModel base = TransformerModel.load(
                        engine, Checkpoint.open(Golden.folder("v5/qwen3_5")), Engines.device(), Progress.none());
                AdaptedModel model = AdaptedModel.languageModel(base, onOutputs(Bias.ALL, List.of()), 3)) {
            assertThat(base.tensors().keySet()).anyMatch(name -> name.endsWith("dt_bias"));
            assertThat(model.parameters())
                    .isNotEmpty()
                    .noneMatch(parameter -> parameter.name().contains("bias"));
        }
    }

    /** Adapters on the output of the delta network in the first layer. */
    private static LoraConfig onOutputs(Bias bias, List<String> modulesToSave) {
        return new LoraConfig(
                4,
                8,
                0,
                List.of("out_proj"),
                new TreeSet<>(Set.of(0)),
                LoraVariant.PLAIN,
                bias,
                Map.of(),
                Map.of(),
                modulesToSave,
                AdvancedLoraConfig.DEFAULTS);
    }

    /** One step of plain gradient descent; gives the loss before it. */
    private double step(AdaptedModel model, TokenBatch batch, int labels, double rate) {
        long[] classes = new long[batch.size()];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = i % labels;
        }
        double loss;
        try (Scope scope = engine.training()) {
            ModelInput input = model.base().input(batch);
            Tensor logits = ((ClassificationHead) model.head())
                    .logits(model.training(ModelConfig.Dropout.NONE).forward(input), input, ModelConfig.Dropout.NONE);
            Tensor error = labels == 1
                    ? logits.reshape(-1).meanSquaredError(engine.zeros(DType.F32, Engines.device(), batch.size()))
                    : logits.crossEntropy(engine.of(classes, classes.length).to(Engines.device()));
            error.backward();
            loss = error.item();
        }
        try (Scope scope = engine.inference()) {
            for (Parameter parameter : model.parameters()) {
                Tensor gradient = parameter.value().gradient();
                assertThat(gradient.norm().item()).as(parameter.name()).isFinite();
                if (parameter.name().endsWith(PeftNames.LORA_B)) {
                    assertThat(gradient.norm().item()).as(parameter.name()).isPositive();
                }
                parameter.value().addInPlace(gradient, -rate);
                parameter.value().zeroGradient();
            }
        }
        return loss;
    }
}
