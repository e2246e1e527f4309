package org.layerwise.study.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.checkpoint.SafetensorsWriter;
import org.layerwise.checkpoint.TensorEntry;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.AdvancedLoraConfig;
import org.layerwise.lora.BaseModel;
import org.layerwise.lora.Bias;
import org.layerwise.lora.LoraConfig;
import org.layerwise.lora.LoraVariant;
import org.layerwise.lora.MergedTensors;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.model.ClassificationHead;
import org.layerwise.model.LanguageModelHead;
import org.layerwise.model.OutputHead;
import org.layerwise.model.TaskModel;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;
import org.layerwise.testing.ChangedFile;
import org.layerwise.testing.Golden;

/** A merged model computes what the base computes with its adapter, from files as transformers writes them. */
class MergeJobTest {

    private static final int LABELS = 3;

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();

    @TempDir
    private Path folder;

    private Workbench workbench;

    @BeforeEach
    void open() {
        workbench = TinyStudy.workbench(folder.resolve("home"));
    }

    @AfterEach
    void nothingIsLeft() {
        workbench.close();
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    @ParameterizedTest
    @CsvSource({
        "bert, classifier, lora, BertForSequenceClassification",
        "bert, classifier, dora, BertForSequenceClassification",
        "bert_regression, classifier, rslora, BertForSequenceClassification",
        "roberta_base_model, classifier, lora, RobertaForSequenceClassification",
        "xlm_roberta, classifier, lora, XLMRobertaForSequenceClassification",
        "electra, classifier, lora, ElectraForSequenceClassification",
        "distilbert, classifier, lora, DistilBertForSequenceClassification",
        "deberta_v3, classifier, lora, DebertaV2ForSequenceClassification",
        "deberta_v2_conv, classifier, dora, DebertaV2ForSequenceClassification",
        "modernbert, classifier, lora, ModernBertForSequenceClassification",
        "llama, tokens, rslora, LlamaForCausalLM",
        "llama, tokens, pissa, LlamaForCausalLM",
        "llama, classifier, lora, LlamaForSequenceClassification",
        "gpt2, tokens, lora, GPT2LMHeadModel",
        "gpt2, tokens, dora, GPT2LMHeadModel",
        "gpt2_seqcls, classifier, pissa_niter_4, GPT2ForSequenceClassification",
        "phi3, tokens, lora, Phi3ForCausalLM",
        "gemma2, tokens, dora, Gemma2ForCausalLM",
        "qwen3, tokens, pissa, Qwen3ForCausalLM",
        "llava, tokens, lora, LlavaForConditionalGeneration",
        "llava_new_names, tokens, pissa, LlavaForConditionalGeneration",
        "v5/gpt_neox, tokens, dora, GPTNeoXForCausalLM",
        "v5/ministral3, tokens, lora, Ministral3ForCausalLM",
        "v5/mixtral, tokens, pissa, MixtralForCausalLM",
        "v5/eurobert, classifier, lora, EuroBertForSequenceClassification",
        "v5/gemma4_dense, tokens, lora, Gemma4ForCausalLM",
        "v5/gemma4_moe, tokens, lora, Gemma4ForCausalLM",
        "v5/gemma4_e, tokens, lora, Gemma4ForCausalLM",
        "v5/gemma3, tokens, dora, Gemma3ForConditionalGeneration",
        "v5/gemma3, classifier, lora, Gemma3ForSequenceClassification",
        "v5/mistral3, tokens, lora, Mistral3ForConditionalGeneration",
        "v5/qwen2_5_vl, tokens, pissa, Qwen2_5_VLForConditionalGeneration",
        "v5/qwen3_next, tokens, dora, Qwen3NextForCausalLM",
        "v5/qwen3_5, classifier, lora, Qwen3_5TextForSequenceClassification",
        "v5/qwen3_5_moe, tokens, lora, Qwen3_5MoeForConditionalGeneration",
        "v5/qwen3_vl, tokens, rslora, Qwen3VLForConditionalGeneration"
    })
    void computesTheSame(String fixture, String task, String variant, String modelClass) {
        Adapted adapted = adapt(fixture, task.equals("classifier"), LoraVariant.of(variant), Bias.NONE, List.of());

        MergeJob.Result result = merge(fixture, adapted.folder(), Long.MAX_VALUE);

        assertThat(result.files()).isEqualTo(1);
        assertThat(result.modules()).isPositive();
        assertThat(config().path("architectures")).containsExactly(Json.tree(modelClass));
        assertClose(computed(merged(), fixture), adapted.states(), 1e-4);
    }

    @ParameterizedTest
    @CsvSource({"deberta_v3", "llama", "gpt2"})
    void biasesThatWereTrainedAreMergedToo(String fixture) {
        Adapted adapted = adapt(fixture, fixture.startsWith("deberta"), LoraVariant.PLAIN, Bias.ALL, List.of());

        merge(fixture, adapted.folder(), Long.MAX_VALUE);

        assertClose(computed(merged(), fixture), adapted.states(), 1e-4);
    }

    @ParameterizedTest
    @CsvSource({
        "bert, bert.pooler.dense, query, ALL",
        "bert, bert.pooler.dense, query, LORA_ONLY",
        "deberta_v3, pooler.dense, query_proj, ALL"
    })
    void aDecomposedPoolerComputesWithItsTrainedBias(String fixture, String pooler, String query, Bias bias) {
        Adapted adapted = adapt(
                Golden.folder(fixture),
                fixture,
                true,
                new Adapters(LoraVariant.of("dora"), bias, List.of(), List.of(pooler, query)));

        merge(fixture, adapted.folder(), Long.MAX_VALUE);

        assertClose(computed(merged(), fixture), adapted.states(), 1e-5);
    }

    @ParameterizedTest
    @CsvSource({"gemma2, embed_tokens", "gemma2, lm_head", "gpt2, wte"})
    void aTableOfTokenVectorsThatIsNoLongerTheOutputIsWrittenBeside(String fixture, String module) {
        Adapted adapted = adapt(fixture, false, LoraVariant.PLAIN, Bias.NONE, List.of(module));

        merge(fixture, adapted.folder(), Long.MAX_VALUE);

        assertThat(config().path("tie_word_embeddings").asBoolean(true)).isFalse();
        assertClose(computed(merged(), fixture), adapted.states(), 1e-4);
    }

    @Test
    void aTableOfTokenVectorsThatIsTheOutputIsWrittenOnce() {
        Adapted adapted = adapt("gemma2", false, LoraVariant.PLAIN, Bias.NONE, List.of());

        merge("gemma2", adapted.folder(), Long.MAX_VALUE);

        try (Checkpoint written = Checkpoint.open(merged())) {
            assertThat(written.names()).doesNotContain("lm_head.weight").contains("model.embed_tokens.weight");
        }
        assertThat(config().has("tie_word_embeddings")).isFalse();
    }

    /** 16 bits cannot hold the sum exactly; they hold the number next to it, and the untouched bits of the base. */
    @ParameterizedTest
    @CsvSource({"llama_sharded_bf16, BF16, bfloat16, 60000", "llama_f16, F16, float16, 20000"})
    void shardsInTheTypeOfTheBase(String fixture, DType type, String name, int most) throws IOException {
        Adapted adapted = adapt(fixture, false, LoraVariant.of("rslora"), Bias.NONE, List.of());

        MergeJob.Result result = merge(fixture, adapted.folder(), most);

        assertThat(result.files()).isGreaterThan(2);
        assertThat(merged().resolve(String.format(Locale.ROOT, "model-00001-of-%05d.safetensors", result.files())))
                .isRegularFile();
        JsonNode index = Json.read(merged().resolve("model.safetensors.index.json"));
        assertThat(index.path("metadata").path("total_size").asLong()).isEqualTo(result.bytes());
        assertThat(index.path("metadata").path("total_parameters").asLong()).isEqualTo(result.bytes() / 2);
        assertThat(config().path("torch_dtype").asText()).isEqualTo(name);
        int changed = 0;
        try (Checkpoint base = Checkpoint.open(Golden.folder(fixture));
                Checkpoint written = Checkpoint.open(merged());
                Scope scope = engine.inference()) {
            assertThat(written.names()).containsExactlyInAnyOrderElementsOf(base.names());
            for (String tensor : base.names()) {
                TensorEntry entry = written.entry(tensor);
                assertThat(entry.type()).isEqualTo(type);
                assertThat(Files.size(written.file(tensor))).isLessThan(most + 10_000);
                if (written.bytes(tensor).equals(base.bytes(tensor))) {
                    continue;
                }
                changed++;
                Tensor exact = engine.of(adapted.merged().get(tensor), entry.shape());
                Tensor stored = engine.ofBytes(written.bytes(tensor), type, Device.CPU, entry.shape());
                assertThat(stored.floats())
                        .as(tensor)
                        .isEqualTo(exact.cast(type).floats());
            }
        }
        assertThat(changed).isEqualTo(result.modules());
        assertClose(computed(merged(), fixture), adapted.states(), type == DType.F16 ? 1e-2 : 5e-2);
    }

    @ParameterizedTest
    @CsvSource({"llama, 1", "deberta_v2_conv, 3"})
    void aBaseInFloat16IsMergedInFloat32(String fixture, int labels) throws IOException {
        Path half = half(fixture);
        Adapted adapted = adapt(half, fixture, labels == 3, LoraVariant.of("dora"), Bias.NONE, List.of());

        new MergeJob(workbench, half, adapted.folder(), merged(), Long.MAX_VALUE).run(Progress.none());

        assertClose(computed(merged(), fixture), adapted.states(), 1e-2);
    }

    @Test
    void aModelThatChangesWhileItIsMergedIsRefused() throws IOException {
        Path base = copy("llama");
        Adapted adapted = adapt(base, "llama", false, LoraVariant.PLAIN, Bias.NONE, List.of());
        Path file = base.resolve("model.safetensors");
        Progress writes = ChangedFile.overwritesEnd(file, 0.41);

        assertThatThrownBy(() -> new MergeJob(workbench, base, adapted.folder(), merged(), Long.MAX_VALUE).run(writes))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(file + " was changed or replaced");
        assertNothingWritten();
    }

    @Test
    void aMergedValueThatFloat16CannotHoldIsRefused() throws IOException {
        Path half = half("llama");
        Adapted adapted = adapt(half, "llama", false, LoraVariant.PLAIN, Bias.NONE, List.of());
        scaleB(adapted.folder(), 1e6f);

        assertThatThrownBy(() ->
                        new MergeJob(workbench, half, adapted.folder(), merged(), Long.MAX_VALUE).run(Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("65504")
                .hasMessageContaining("layers.0");
        assertNothingWritten();
        scaleB(adapted.folder(), Float.NaN);
        assertThatThrownBy(() ->
                        new MergeJob(workbench, half, adapted.folder(), merged(), Long.MAX_VALUE).run(Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("lora_B")
                .hasMessageContaining("holds NaN or infinite numbers");
        assertNothingWritten();
    }

    @Test
    void theConfigurationSaysWhatTheModelIsNow() throws IOException {
        Path base = copy("roberta_base_model");
        Files.writeString(base.resolve("tokenizer.json"), "{}");
        Files.writeString(base.resolve("generation_config.json"), "{}");
        Files.writeString(base.resolve("README.md"), "about the base");
        Adapted adapted = adapt(base, "roberta_base_model", true, LoraVariant.PLAIN, Bias.NONE, List.of());
        Files.writeString(adapted.folder().resolve("labels.json"), "[\"no\", \"yes\", \"perhaps\"]");

        new MergeJob(workbench, base, adapted.folder(), merged(), Long.MAX_VALUE).run(Progress.none());

        JsonNode config = config();
        assertThat(config.path("problem_type").asText()).isEqualTo("single_label_classification");
        assertThat(config.path("id2label").path("2").asText()).isEqualTo("perhaps");
        assertThat(config.path("label2id").path("yes").asInt(-1)).isEqualTo(1);
        assertThat(config.path("model_type").asText()).isEqualTo("roberta");
        try (Stream<Path> files = Files.list(merged())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("config.json", "model.safetensors", "tokenizer.json");
        }
        try (Checkpoint written = Checkpoint.open(merged())) {
            assertThat(written.names())
                    .contains("classifier.out_proj.weight", "roberta.embeddings.word_embeddings.weight")
                    .allMatch(name -> name.startsWith("roberta.") || name.startsWith("classifier."));
        }
    }

    /** Names in the configuration of a checkpoint without a head are those of another task. */
    @Test
    void leftoverNamesOfTheBaseAreNotThoseOfTheNewHead() throws IOException {
        Path base = copy("roberta_base_model");
        ObjectNode named = (ObjectNode) Json.read(base.resolve("config.json"));
        named.set("id2label", Json.tree(Map.of("0", "contradiction", "1", "entailment", "2", "neutral")));
        Json.write(base.resolve("config.json"), named);
        Adapted adapted = adapt(base, "roberta_base_model", true, LoraVariant.PLAIN, Bias.NONE, List.of());

        new MergeJob(workbench, base, adapted.folder(), merged(), Long.MAX_VALUE).run(Progress.none());

        assertThat(config().path("id2label").path("0").asText()).isEqualTo("LABEL_0");
    }

    @Test
    void aRegressionIsSaidToBeOne() {
        Adapted adapted = adapt("bert_regression", true, LoraVariant.PLAIN, Bias.NONE, List.of());

        merge("bert_regression", adapted.folder(), Long.MAX_VALUE);

        assertThat(config().path("problem_type").asText()).isEqualTo("regression");
        assertThat(config().path("id2label")).hasSize(1);
    }

    /** What LLaVA's tower has and nobody computes with belongs to the model all the same. */
    @Test
    void theVisionTowerIsKeptWhole() throws IOException {
        Path model = copy("llava");
        Files.writeString(model.resolve("generation_config.json"), "{}");
        Adapted adapted = adapt(model, "llava", false, LoraVariant.PLAIN, Bias.NONE, List.of());

        new MergeJob(workbench, model, adapted.folder(), merged(), Long.MAX_VALUE).run(Progress.none());

        try (Checkpoint base = Checkpoint.open(Golden.folder("llava"));
                Checkpoint written = Checkpoint.open(merged())) {
            assertThat(written.names()).containsExactlyInAnyOrderElementsOf(base.names());
            assertThat(written.bytes("vision_tower.vision_model.post_layernorm.weight"))
                    .isEqualTo(base.bytes("vision_tower.vision_model.post_layernorm.weight"));
        }
        assertThat(merged().resolve("generation_config.json")).isRegularFile();
    }

    @Test
    void aFolderInUseIsRefused() {
        Path adapter = Golden.folder("lora_bert").resolve("adapter_final");
        Path base = Golden.folder("bert");
        for (Path used : List.of(base, adapter)) {
            assertThatThrownBy(() -> new MergeJob(workbench, base, adapter, used, Long.MAX_VALUE).run(Progress.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessage("The folder %s is not empty; name a new one with --out.".formatted(used));
        }
        Path file = base.resolve("config.json");
        assertThatThrownBy(() -> new MergeJob(workbench, base, adapter, file, Long.MAX_VALUE).run(Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("is a file");
    }

    @Test
    void aFolderThatIsUsedMeanwhileIsNotReplaced() {
        Adapted adapted = adapt("llama", false, LoraVariant.PLAIN, Bias.NONE, List.of());
        Path notes = merged().resolve("notes.txt");
        Progress other = new Progress() {
            @Override
            public void report(double fraction, String message) {
                if (fraction > 0.5 && !Files.exists(notes)) {
                    AtomicFiles.writeString(notes, "mine"); // as another program does
                }
            }

            @Override
            public boolean cancelled() {
                return false;
            }
        };

        assertThatThrownBy(() -> new MergeJob(
                                workbench, Golden.folder("llama"), adapted.folder(), merged(), Long.MAX_VALUE)
                        .run(other))
                .isInstanceOf(UserException.class)
                .hasMessage("The folder %s is not empty any longer; name a new one.".formatted(merged()));
        assertThat(merged().toFile().list()).containsExactly("notes.txt");
    }

    @Test
    void anAdapterOfAnotherModelIsRefused() {
        Path adapter = Golden.folder("lora_llama").resolve("adapter_final");

        assertThatThrownBy(() -> new MergeJob(workbench, Golden.folder("gemma2"), adapter, merged(), Long.MAX_VALUE)
                        .run(Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(adapter.toString());
        assertNothingWritten();
    }

    @Test
    void whatIsCancelledLeavesNothing() {
        Adapted adapted = adapt("llama", false, LoraVariant.PLAIN, Bias.NONE, List.of());
        Progress cancelled = new Progress() {
            private double done;

            @Override
            public void report(double fraction, String message) {
                done = fraction;
            }

            @Override
            public boolean cancelled() {
                return done > 0.5;
            }
        };

        assertThatThrownBy(() -> new MergeJob(
                                workbench, Golden.folder("llama"), adapted.folder(), merged(), Long.MAX_VALUE)
                        .run(cancelled))
                .isInstanceOf(CancelledException.class);
        assertNothingWritten();
    }

    private void assertNothingWritten() {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("merged") || name.startsWith(".merged"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Shapes do not tell which axis is that of the inputs. */
    @ParameterizedTest
    @CsvSource({"v5/gpt_oss, intermediate_size, 32, 64", "v5/qwen3_5_moe_joined, moe_intermediate_size, 16, 32"})
    void squareExpertsAreMerged(String fixture, String key, int size, int twice) throws IOException {
        Path base = square(fixture, key, size, twice);
        Adapted adapted = adapt(
                base,
                fixture,
                false,
                new Adapters(
                        LoraVariant.PLAIN,
                        Bias.NONE,
                        List.of(),
                        List.of(),
                        List.of("experts.gate_up_proj", "experts.down_proj")));

        new MergeJob(workbench, base, adapted.folder(), merged(), Long.MAX_VALUE).run(Progress.none());

        assertClose(computed(merged(), fixture), adapted.states(), 1e-4);
    }

    /** Copies a mixture with narrower experts. */
    private Path square(String fixture, String key, int size, int twice) throws IOException {
        Path copy = Files.createDirectories(folder.resolve("square"));
        ObjectNode config = (ObjectNode) Json.read(Golden.folder(fixture).resolve("config.json"));
        ((ObjectNode) (config.has("text_config") ? config.path("text_config") : config)).put(key, size);
        Json.write(copy.resolve("config.json"), config);
        List<SafetensorsWriter.Named> tensors = new ArrayList<>();
        try (Checkpoint checkpoint = Checkpoint.open(Golden.folder(fixture))) {
            for (String name : checkpoint.names()) {
                long[] shape = checkpoint.entry(name).shape();
                float[] values = new float[Math.toIntExact(LongStream.of(shape).reduce(1, (a, b) -> a * b))];
                checkpoint
                        .bytes(name)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asFloatBuffer()
                        .get(values);
                long[] kept = shape.clone();
                if (name.contains(".experts.gate_up_proj")) {
                    kept[name.endsWith("_bias") || key.equals("intermediate_size") ? kept.length - 1 : 1] = twice;
                } else if (name.endsWith(".experts.down_proj")) {
                    kept[key.equals("intermediate_size") ? 1 : 2] = size;
                }
                tensors.add(SafetensorsWriter.Named.of(name, cropped(values, shape, kept), kept));
            }
        }
        SafetensorsWriter.write(copy.resolve("model.safetensors"), tensors, Map.of());
        return copy;
    }

    private static float[] cropped(float[] values, long[] shape, long[] kept) {
        int count = Math.toIntExact(LongStream.of(kept).reduce(1, (a, b) -> a * b));
        float[] cropped = new float[count];
        for (int i = 0; i < count; i++) {
            long rest = i;
            long index = 0;
            long stride = 1;
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                index += rest % kept[axis] * stride;
                rest /= kept[axis];
                stride *= shape[axis];
            }
            cropped[i] = values[Math.toIntExact(index)];
        }
        return cropped;
    }

    private Path merged() {
        return folder.resolve("merged");
    }

    private JsonNode config() {
        return Json.read(merged().resolve("config.json"));
    }

    private MergeJob.Result merge(String fixture, Path adapter, long shardBytes) {
        return new MergeJob(workbench, Golden.folder(fixture), adapter, merged(), shardBytes).run(Progress.none());
    }

    /**
     * An adapter that was written, and what the base computes with it.
     *
     * @param merged its weights in float32
     */
    private record Adapted(Path folder, List<double[]> states, Map<String, float[]> merged) {}

    private Adapted adapt(
            String fixture, boolean classifier, LoraVariant variant, Bias bias, List<String> modulesToSave) {
        return adapt(Golden.folder(fixture), fixture, classifier, variant, bias, modulesToSave);
    }

    private Adapted adapt(
            Path model, String inputs, boolean classifier, LoraVariant variant, Bias bias, List<String> modulesToSave) {
        return adapt(model, inputs, classifier, new Adapters(variant, bias, modulesToSave, List.of()));
    }

    /**
     * @param targets modules with adapters; those of the family if empty
     * @param experts weights of experts with adapters
     */
    private record Adapters(
            LoraVariant variant, Bias bias, List<String> modulesToSave, List<String> targets, List<String> experts) {
        Adapters(LoraVariant variant, Bias bias, List<String> modulesToSave, List<String> targets) {
            this(variant, bias, modulesToSave, targets, List.of());
        }
    }

    private Adapted adapt(Path model, String inputs, boolean classifier, Adapters adapters) {
        Path adapter = folder.resolve("adapter");
        try (TransformerModel base =
                TransformerModel.load(engine, Checkpoint.open(model), Device.CPU, Progress.none())) {
            LoraConfig config = new LoraConfig(
                    4,
                    8,
                    0,
                    adapters.targets().isEmpty() ? base.defaultTargets() : adapters.targets(),
                    new TreeSet<>(Set.of(0, 1)),
                    adapters.variant(),
                    adapters.bias(),
                    Map.of(),
                    Map.of(),
                    adapters.modulesToSave(),
                    new AdvancedLoraConfig(false, List.of(), List.of(), false, adapters.experts()));
            try (AdaptedModel adapted = classifier
                    ? AdaptedModel.classifier(base, config, base.storedLabels().orElse(LABELS), 3)
                    : AdaptedModel.languageModel(base, config, 3)) {
                change(adapted);
                adapted.toPeft(new BaseModel("base", null)).write(adapter);
            }
            // as it is read again: PiSSA finds its start in the weights
            try (AdaptedModel adapted = AdaptedModel.load(base, PeftAdapter.read(adapter, engine), 0)) {
                return new Adapted(adapter, states(adapted, inputs), exact(adapted));
            }
        }
    }

    private Map<String, float[]> exact(AdaptedModel adapted) {
        MergedTensors tensors = MergedTensors.of(adapted);
        Map<String, float[]> values = new HashMap<>();
        try (Scope scope = engine.inference()) {
            tensors.names()
                    .forEach(name -> values.put(name, tensors.tensor(name).floats()));
        }
        return values;
    }

    /** As if it had been trained. */
    private static void change(AdaptedModel adapted) {
        Random random = new Random(11);
        Map<String, PeftAdapter.HostTensor> values = adapted.values();
        values.values().forEach(tensor -> {
            for (int i = 0; i < tensor.values().length; i++) {
                tensor.values()[i] += (float) (0.05 * random.nextGaussian());
            }
        });
        adapted.assign(values);
    }

    private List<double[]> computed(Path model, String inputs) {
        try (TransformerModel own = TransformerModel.load(engine, Checkpoint.open(model), Device.CPU, Progress.none());
                TensorOwner owner = engine.owner()) {
            boolean classifies = Json.read(model.resolve("config.json"))
                    .path("architectures")
                    .path(0)
                    .asText()
                    .endsWith("ForSequenceClassification");
            OutputHead head = classifies
                    ? own.head(owner, own.storedLabels().orElseThrow(), 0).head()
                    : own.languageModelHead(owner);
            return states(new TaskModel.Plain(own, head), inputs);
        }
    }

    /** All hidden states and the logits, without padding. */
    private List<double[]> states(TaskModel model, String inputs) {
        List<double[]> states = new ArrayList<>();
        try (SafetensorsFile golden = SafetensorsFile.open(Golden.folder(inputs).resolve("golden.safetensors"));
                Scope scope = engine.inference()) {
            TokenBatch batch = Golden.batch(golden);
            ModelInput input = model.base().input(batch);
            model.transformer().hiddenStates(input, (index, hidden) -> states.add(real(hidden, batch)));
            Tensor hidden = model.transformer().forward(input);
            if (model.head() instanceof ClassificationHead classifier) {
                states.add(classifier
                        .logits(hidden, input, ModelConfig.Dropout.NONE)
                        .doubles());
            } else {
                states.add(real(((LanguageModelHead) model.head()).logits(hidden), batch));
            }
        }
        return states;
    }

    private static double[] real(Tensor values, TokenBatch batch) {
        double[] all = values.doubles();
        int width = all.length / batch.mask().length;
        for (int i = 0; i < all.length; i++) {
            all[i] *= batch.mask()[i / width];
        }
        return all;
    }

    private static void assertClose(List<double[]> actual, List<double[]> expected, double within) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            double scale = Stream.of(1.0, largest(expected.get(i)))
                    .max(Double::compare)
                    .orElseThrow();
            assertThat(actual.get(i)).as("state %d", i).containsExactly(expected.get(i), within(within * scale));
        }
    }

    private static double largest(double[] values) {
        double largest = 0;
        for (double value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private Path copy(String fixture) throws IOException {
        Path to = Files.createDirectories(folder.resolve("model"));
        for (String file : List.of("config.json", "model.safetensors")) {
            Files.copy(Golden.folder(fixture).resolve(file), to.resolve(file));
        }
        return to;
    }

    /** The same model stored in float16. */
    private Path half(String fixture) throws IOException {
        Path to = copy(fixture);
        Files.delete(to.resolve("model.safetensors"));
        List<SafetensorsWriter.Named> tensors = new ArrayList<>();
        try (SafetensorsFile full = SafetensorsFile.open(Golden.folder(fixture).resolve("model.safetensors"));
                Scope scope = engine.inference()) {
            for (String name : full.names()) {
                tensors.add(SafetensorsWriter.Named.of(
                        name,
                        DType.F16,
                        full.entry(name).shape(),
                        Golden.tensor(engine, full, name).cast(DType.F16).bytes()));
            }
        }
        SafetensorsWriter.write(to.resolve("model.safetensors"), tensors, Map.of("format", "pt"));
        return to;
    }

    private void scaleB(Path adapter, float factor) throws IOException {
        Path file = adapter.resolve(PeftAdapter.WEIGHTS);
        List<SafetensorsWriter.Named> tensors = new ArrayList<>();
        try (SafetensorsFile stored = SafetensorsFile.open(file);
                Scope scope = engine.inference()) {
            for (String name : stored.names()) {
                float[] values = Golden.tensor(engine, stored, name).floats();
                for (int i = 0; i < values.length && name.contains("lora_B"); i++) {
                    values[i] *= factor;
                }
                tensors.add(SafetensorsWriter.Named.of(
                        name, values, stored.entry(name).shape()));
            }
        }
        Files.delete(file);
        SafetensorsWriter.write(file, tensors, Map.of("format", "pt"));
    }
}
