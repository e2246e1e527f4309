package org.layerwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Progress;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.data.Labels;
import org.layerwise.data.batch.Batch;
import org.layerwise.data.batch.Piece;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.Initialisation;
import org.layerwise.lora.MergedTensors;
import org.layerwise.lora.Parameter;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.model.ClassificationHead;
import org.layerwise.model.LanguageModelHead;
import org.layerwise.model.OutputHead;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;

/**
 * Trainings by HuggingFace PEFT of every variant, reproduced from their initial adapters: gradients, losses, what the model
 * computes afterwards, and its weights merged. Full batches with plain AdamW, as they were made.
 */
class AdapterGoldenTest {

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    /** A training and what it is about. */
    private final class Case implements AutoCloseable {

        private final JsonNode json;
        private final SafetensorsFile golden;
        private final TransformerModel base;
        private final Batch batch;
        private final Objective objective;
        private final AdaptedModel model;

        Case(String name) {
            json = Json.read(Golden.folder(name).resolve("lora.json"));
            golden = SafetensorsFile.open(Golden.folder(name).resolve("lora_golden.safetensors"));
            base = TransformerModel.load(
                    engine,
                    Checkpoint.open(Golden.folder(json.path("base").asText())),
                    Engines.device(),
                    Progress.none());
            TokenBatch tokens;
            try (SafetensorsFile inputs = SafetensorsFile.open(Golden.folder(
                    "lora_inputs_%s.safetensors".formatted(json.path("base").asText())))) {
                tokens = Golden.batch(inputs);
                objective = objective(Golden.longs(inputs, "labels"), tokens);
            }
            batch = FullBatchTraining.batch(tokens);
            model = AdaptedModel.load(base, PeftAdapter.read(Golden.folder(name).resolve("adapter_init"), engine), 0);
        }

        private Objective objective(long[] labels, TokenBatch tokens) {
            if (labels.length == tokens.size()) {
                int[] classes = IntStream.range(0, labels.length)
                        .map(i -> (int) labels[i])
                        .toArray();
                return new Objective.Classification(new Labels.Classes(classes, List.of()), 3);
            }
            return FullBatchTraining.nextTokens(labels, tokens);
        }

        FullBatchTraining training() {
            return new FullBatchTraining(model, objective, batch);
        }

        @Override
        public void close() {
            model.close();
            base.close();
            golden.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lora_bert",
                "lora_llama",
                "lora_llama_rslora",
                "lora_bert_dora",
                "lora_bert_bias",
                "lora_bert_loraplus",
                "lora_llama_olora",
                "lora_llama_miss",
                "lora_bert_miss",
                "lora_mixtral_experts",
                "lora_qwen3_moe_experts",
                "lora_gpt_oss_experts",
                "lora_gemma4_moe_experts",
                "lora_llava"
            })
    void gradientsOfTheFirstStep(String name) {
        try (Case training = new Case(name)) {
            training.training().backward();
            Map<String, double[]> gradients = gradients(training.model);
            assertThat(gradients.keySet())
                    .isEqualTo(expected(training.golden, "grad0.").keySet());
            expected(training.golden, "grad0.").forEach((tensor, expected) -> {
                double[] actual = gradients.get(tensor);
                assertThat(distance(actual, expected)).as(tensor).isLessThanOrEqualTo(1e-5 * norm(expected) + 1e-8);
            });
        }
    }

    /** The singular vectors may differ in their signs, so the gradient of B A is compared: dB A + B dA. */
    @ParameterizedTest
    @ValueSource(strings = {"lora_llama_pissa", "lora_llama_olora"})
    void gradientsOfTheFirstStepFromPrincipalParts(String name) {
        try (Case training = new Case(name);
                AdaptedModel own = AdaptedModel.languageModel(training.base, training.model.config(), 5)) {
            // PEFT's own A and B, then those that are found in the weights here
            Map<String, double[]> theirs = step(training, training.model);
            Map<String, double[]> ours = step(training, own);
            Map<String, double[]> expected = new TreeMap<>();
            Map<String, double[]> gradients = expected(training.golden, "grad0.");
            try (Scope scope = engine.inference()) {
                for (Parameter parameter : training.model.parameters()) {
                    if (parameter.name().contains("lora_A")) {
                        Tensor a = parameter.value();
                        Tensor b = byName(training.model, parameter.name().replace("lora_A", "lora_B"));
                        expected.put(
                                parameter.name(),
                                product(
                                        a,
                                        b,
                                        like(a, gradients.get(inMemory(parameter.name()))),
                                        like(
                                                b,
                                                gradients.get(inMemory(
                                                        parameter.name().replace("lora_A", "lora_B"))))));
                    }
                }
            }
            expected.forEach((tensor, values) -> {
                assertThat(distance(theirs.get(tensor), values)).as(tensor).isLessThanOrEqualTo(1e-4 * norm(values));
                assertThat(distance(ours.get(tensor), values)).as(tensor).isLessThanOrEqualTo(1e-4 * norm(values));
            });
            assertThat(expected).hasSize(14);
        }
    }

    private Tensor like(Tensor tensor, double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return engine.of(floats, tensor.shape()).to(tensor.device());
    }

    private static double[] product(Tensor a, Tensor b, Tensor ofA, Tensor ofB) {
        return ofB.matmul(a).add(b.matmul(ofA)).doubles();
    }

    private static Tensor byName(AdaptedModel model, String name) {
        return model.parameters().stream()
                .filter(parameter -> parameter.name().equals(name))
                .findFirst()
                .orElseThrow()
                .value();
    }

    /** By the name of A: the change of B A with a small step down the gradient. */
    private Map<String, double[]> step(Case training, AdaptedModel model) {
        try (Scope scope = engine.training()) {
            ModelInput input = training.base.input(training.batch.tokens());
            Tensor hidden = model.training(ModelConfig.Dropout.NONE).forward(input);
            training.objective
                    .loss(model.trainingHead(), hidden, input, Piece.of(training.batch), ModelConfig.Dropout.NONE)
                    .backward();
        }
        Map<String, double[]> products = new TreeMap<>();
        try (Scope scope = engine.inference()) {
            for (Parameter parameter : model.parameters()) {
                if (parameter.name().contains("lora_A")) {
                    Tensor b = byName(model, parameter.name().replace("lora_A", "lora_B"));
                    products.put(
                            parameter.name(),
                            product(parameter.value(), b, parameter.value().gradient(), b.gradient()));
                }
            }
        }
        return products;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lora_bert",
                "lora_llama",
                "lora_llama_rslora",
                "lora_bert_dora",
                "lora_bert_bias",
                "lora_llama_pissa",
                "lora_llama_olora",
                "lora_llama_miss",
                "lora_bert_miss",
                "lora_mixtral_experts",
                "lora_qwen3_moe_experts",
                "lora_gpt_oss_experts",
                "lora_gemma4_moe_experts",
                "lora_llava"
            })
    void lossesOfAllStepsAndTheModelAfterThem(String name) {
        try (Case training = new Case(name)) {
            assertThat(training.model.trainableParameters())
                    .isEqualTo(training.json.path("trainable").asLong());
            List<Double> losses =
                    training.training().train(training.json.path("steps").asInt());
            losses.add(training.training().loss());
            List<Double> expected = new ArrayList<>();
            training.json.path("losses").forEach(loss -> expected.add(loss.asDouble()));
            assertThat(losses).hasSize(expected.size());
            for (int i = 0; i < losses.size(); i++) {
                assertThat(losses.get(i)).isCloseTo(expected.get(i), within(1e-4));
            }
            assertComputesAsAfter(training, training.model);
            assertMerges(training, training.model);
        }
    }

    /** The adapter that PEFT saved in the end gives what PEFT computed; with biases it forgets to save these. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "lora_bert",
                "lora_llama",
                "lora_llama_rslora",
                "lora_bert_dora",
                "lora_bert_loraplus",
                "lora_llama_pissa",
                "lora_llama_olora",
                "lora_llama_miss",
                "lora_bert_miss",
                "lora_mixtral_experts",
                "lora_qwen3_moe_experts",
                "lora_gpt_oss_experts",
                "lora_gemma4_moe_experts",
                "lora_llava"
            })
    void finalAdapterOfPeftGivesWhatItComputes(String name) {
        PeftAdapter first = PeftAdapter.read(Golden.folder(name).resolve("adapter_init"), engine);
        PeftAdapter stored = PeftAdapter.read(Golden.folder(name).resolve("adapter_final"), engine);
        // PEFT found singular vectors in float32, of which two are nearly interchangeable here
        boolean pissa = stored.config().variant().initialisation() instanceof Initialisation.Pissa;
        try (Case training = new Case(name);
                AdaptedModel last =
                        AdaptedModel.load(training.base, stored, pissa ? first : null, 0, Progress.none())) {
            assertComputesAsAfter(training, last);
            assertMerges(training, last);
        }
    }

    private void assertComputesAsAfter(Case training, AdaptedModel model) {
        try (Scope scope = engine.inference()) {
            ModelInput input = training.base.input(training.batch.tokens());
            long[] mask = training.batch.tokens().mask();
            model.transformer().hiddenStates(input, (index, hidden) -> {
                String name = "hidden_states_after." + index;
                if (training.golden.has(name)) {
                    assertClose(hidden.doubles(), Golden.doubles(training.golden, name), mask, name);
                }
            });
            assertThat(training.golden.has(
                            "hidden_states_after." + training.base.config().layers()))
                    .isTrue();
            Tensor hidden = model.transformer().forward(input);
            double[] expected = Golden.doubles(training.golden, "logits_after");
            OutputHead head = model.head();
            if (head instanceof ClassificationHead classifier) {
                assertThat(classifier
                                .logits(hidden, input, ModelConfig.Dropout.NONE)
                                .doubles())
                        .containsExactly(expected, within(1e-4));
            } else {
                assertClose(((LanguageModelHead) head).logits(hidden).doubles(), expected, mask, "logits");
            }
        }
    }

    /** Padding is nobody's business. */
    private static void assertClose(double[] actual, double[] expected, long[] mask, String what) {
        int width = expected.length / mask.length;
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            if (mask[i / width] == 1) {
                assertThat(actual[i]).as(what).isCloseTo(expected[i], within(1e-4));
            }
        }
    }

    private void assertMerges(Case training, AdaptedModel model) {
        MergedTensors merged = MergedTensors.of(model);
        Map<String, double[]> expected = expected(training.golden, "merged.");
        assertThat(expected).isNotEmpty();
        try (Scope scope = engine.inference()) {
            expected.forEach((name, values) ->
                    assertThat(merged.tensor(name).doubles()).as(name).containsExactly(values, within(1e-4)));
        }
    }

    private static Map<String, double[]> expected(SafetensorsFile golden, String prefix) {
        return golden.names().stream()
                .filter(name -> name.startsWith(prefix))
                .collect(Collectors.toMap(
                        name -> name.substring(prefix.length()), name -> Golden.doubles(golden, name)));
    }

    private Map<String, double[]> gradients(AdaptedModel model) {
        try (Scope scope = engine.inference()) {
            return model.parameters().stream()
                    .collect(Collectors.toMap(
                            parameter -> inMemory(parameter.name()),
                            parameter -> parameter.value().gradient().doubles()));
        }
    }

    /** In memory PEFT calls the adapter "default" and wraps saved modules; in its files it leaves that out. */
    private static String inMemory(String name) {
        return name.replace(".lora_A.", ".lora_A.default.")
                .replace(".lora_B.", ".lora_B.default.")
                .replaceAll("miss_block$", "miss_block.default")
                .replaceAll("lora_magnitude_vector$", "lora_magnitude_vector.default.weight")
                .replace("model.classifier.", "model.classifier.modules_to_save.default.");
    }

    private static double norm(double[] values) {
        return distance(values, new double[values.length]);
    }

    private static double distance(double[] values, double[] others) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += Math.pow(values[i] - others[i], 2);
        }
        return Math.sqrt(sum);
    }
}
