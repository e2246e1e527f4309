package org.layerwise.selection.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.lora.Bias;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;
import org.layerwise.selection.SelectedModules;

/** Files for other tools against the names in those tools' schemas (src/test/python/schema_fields.py). */
class ExportFormatTest {

    private static final String ALL = "rslora+dora+pissa_niter_16";

    private static Set<String> schema(String name) throws IOException {
        try (InputStream file = ExportFormatTest.class.getResourceAsStream("/schemas/" + name + ".txt")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .collect(Collectors.toSet());
        }
    }

    private ObjectNode yaml(ExportFormat format, TestExport recipe) throws IOException {
        return (ObjectNode) new YAMLMapper().readTree(recipe.text(format)); // as other tools do
    }

    private static Set<String> keys(ObjectNode settings) {
        return settings.properties().stream().map(Map.Entry::getKey).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> arguments(String script) {
        return arguments(script, "LoraConfig(", "get_peft_model(model");
    }

    private static Set<String> arguments(String script, String from, String to) {
        String call = script.substring(script.indexOf(from), script.indexOf(to));
        return Pattern.compile("^    (\\w+)=", Pattern.MULTILINE)
                .matcher(call)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    @Test
    void everySettingIsOneOfTheToolsOwn() throws IOException {
        TestExport rich = TestExport.vision().named("org/model", "abc").variant(ALL, 16);

        assertThat(schema("axolotl")).containsAll(keys(yaml(ExportFormat.AXOLOTL, rich)));
        assertThat(schema("axolotl"))
                .containsAll(keys(yaml(
                        ExportFormat.AXOLOTL,
                        TestExport.decoder().with(LoraSettings.RANK_PATTERN, Map.of("q_proj", 4)))));
        assertThat(schema("llama-factory")).containsAll(keys(yaml(ExportFormat.LLAMA_FACTORY, rich)));
        for (TestExport recipe : List.of(
                TestExport.encoder(),
                rich,
                TestExport.encoder().with(LoraSettings.RANK_PATTERN, Map.of("query_proj", 4)))) {
            assertThat(arguments(recipe.text(ExportFormat.PEFT)))
                    .hasSizeGreaterThan(10)
                    .isSubsetOf(schema("peft-lora-config"));
        }
    }

    @Test
    void thePeftScriptSaysWhatIsTrained() {
        assertThat(TestExport.encoder().text(ExportFormat.PEFT))
                .isEqualTo(
                        """
                        # LoRA on 2 of 12 layers (1,3), by hand
                        # Needs the packages torch, transformers and peft.
                        from peft import LoraConfig, get_peft_model
                        from transformers import AutoModelForSequenceClassification

                        MODEL = "org/model"
                        NUM_LABELS = 2  # the number of classes, 1 for regression

                        model = AutoModelForSequenceClassification.from_pretrained(MODEL, num_labels=NUM_LABELS)
                        config = LoraConfig(
                            task_type="SEQ_CLS",
                            r=8,
                            lora_alpha=16,
                            lora_dropout=0.05,
                            bias="none",
                            target_modules=["query_proj", "output.dense"],
                            layers_to_transform=[1, 3],
                            layers_pattern=["layer"],
                            modules_to_save=["pooler"],
                            init_lora_weights=True,
                            use_rslora=False,
                            use_dora=False,
                        )

                        model = get_peft_model(model, config)
                        model.print_trainable_parameters()
                        """);
    }

    @Test
    void modulesAreExportedByTheirFullNamesWithTheirRanks() throws IOException {
        SelectedModules modules =
                SelectedModules.of(Map.of("layers.3.self_attn.q_proj", 12, "model.layers.1.mlp.gate_proj", 4));
        List<String> names = List.of("model.layers.1.mlp.gate_proj", "model.layers.3.self_attn.q_proj");
        TestExport recipe = TestExport.decoder();

        for (ExportFormat format : List.of(ExportFormat.PEFT, ExportFormat.UNSLOTH)) {
            assertThat(recipe.text(format, modules).lines().map(String::strip))
                    .contains(
                            "# LoRA on 2 linear maps, ranks 4 to 12, in 2 of 12 layers (1,3), by hand",
                            "target_modules=[\"model.layers.1.mlp.gate_proj\", \"model.layers.3.self_attn.q_proj\"],",
                            "r=12,",
                            "lora_alpha=24,",
                            "rank_pattern={\"model.layers.1.mlp.gate_proj\": 4},",
                            "alpha_pattern={\"model.layers.1.mlp.gate_proj\": 8},");
        }
        JsonNode axolotl = new YAMLMapper().readTree(recipe.text(ExportFormat.AXOLOTL, modules));
        assertThat(texts(axolotl.path("lora_target_modules"))).isEqualTo(names);
        assertThat(axolotl.path("lora_r").intValue()).isEqualTo(12);
        assertThat(axolotl.path("lora_rank_pattern").toString()).isEqualTo("{\"model.layers.1.mlp.gate_proj\":4}");
        assertThat(axolotl.path("lora_alpha_pattern").toString()).isEqualTo("{\"model.layers.1.mlp.gate_proj\":8}");
        JsonNode config = new YAMLMapper().readTree(recipe.text(ExportFormat.PEFT_CONFIG, modules));
        assertThat(texts(config.path("target_modules"))).isEqualTo(names);
        assertThat(config.path("rank_pattern").toString()).isEqualTo("{\"model.layers.1.mlp.gate_proj\":4}");
        assertThat(recipe.text(ExportFormat.ONE_HOT, modules)).isEqualTo("010100000000");
        // LLaMA-Factory has targets by name, but no ranks of modules
        assertThatThrownBy(() -> recipe.text(ExportFormat.LLAMA_FACTORY, modules))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("no setting for a rank");
        JsonNode factory =
                new YAMLMapper().readTree(recipe.text(ExportFormat.LLAMA_FACTORY, SelectedModules.of(modules.names())));
        assertThat(factory.path("lora_target").asText()).isEqualTo(String.join(",", names));
        assertThat(factory.path("lora_rank").intValue()).isEqualTo(8);
        assertThat(new YAMLMapper()
                        .readTree(recipe.text(
                                ExportFormat.LLAMA_FACTORY,
                                SelectedModules.of(
                                        Map.of("layers.3.self_attn.q_proj", 5, "layers.1.self_attn.q_proj", 5))))
                        .path("lora_rank")
                        .intValue())
                .isEqualTo(5);
    }

    @Test
    void aModuleThatTheModelLacksIsRefused() {
        assertThatThrownBy(() -> TestExport.decoder()
                        .text(ExportFormat.PEFT, SelectedModules.of(List.of("layers.3.attention.query"))))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("is called \"layers.3.attention.query\"");
    }

    @Test
    void thePeftScriptKnowsAllVariants() {
        TestExport recipe = TestExport.decoder().named("org/model", "abc").variant(ALL, 16);

        assertThat(recipe.text(ExportFormat.PEFT).lines().map(String::strip))
                .contains(
                        "model = AutoModelForCausalLM.from_pretrained(MODEL, revision=REVISION)",
                        "REVISION = \"abc\"",
                        "task_type=\"CAUSAL_LM\",",
                        "init_lora_weights=\"pissa_niter_16\",",
                        "use_rslora=True,",
                        "use_dora=True,",
                        "lr=5e-08,",
                        "loraplus_lr_ratio=16,");
        assertThat(recipe.with(LoraSettings.RANK_PATTERN, Map.of("q_proj", 4)).text(ExportFormat.PEFT))
                .contains("    rank_pattern={\"q_proj\": 4},\n");
        assertThat(recipe.with(LoraSettings.BIAS, Bias.LORA_ONLY).text(ExportFormat.PEFT))
                .contains("    bias=\"lora_only\",\n");
        assertThat(recipe.with(LoraSettings.ALPHA, 2.5).text(ExportFormat.PEFT)).contains("    lora_alpha=2.5,\n");
    }

    @Test
    void thePeftConfigIsForTraining() throws IOException {
        JsonNode json = Json.parse(TestExport.encoder().text(ExportFormat.PEFT_CONFIG));

        assertThat(json.path("peft_type").asText()).isEqualTo("LORA");
        assertThat(json.path("inference_mode").booleanValue()).isFalse();
        assertThat(json.path("task_type").asText()).isEqualTo("SEQ_CLS");
        assertThat(json.path("base_model_name_or_path").asText()).isEqualTo("org/model");
        assertThat(texts(json.path("target_modules"))).containsExactly("output.dense", "query_proj");
        assertThat(Json.line(json.path("layers_to_transform"))).isEqualTo("[1,3]");
        assertThat(texts(json.path("layers_pattern"))).containsExactly("layer");
        assertThat(texts(json.path("modules_to_save"))).containsExactly("pooler", "classifier", "score");
        assertThat(json.path("lora_alpha").isInt()).isTrue();
        assertThat(json.path("init_lora_weights").booleanValue()).isTrue();
    }

    @Test
    void thePeftConfigKnowsAllVariants() throws IOException {
        TestExport recipe = TestExport.decoder().named("org/model", "abc").variant(ALL, 16);
        JsonNode json = Json.parse(recipe.with(LoraSettings.RANK_PATTERN, Map.of("q_proj", 4))
                .with(LoraSettings.ALPHA, 2.5)
                .text(ExportFormat.PEFT_CONFIG));

        assertThat(json.path("task_type").asText()).isEqualTo("CAUSAL_LM");
        assertThat(json.path("revision").asText()).isEqualTo("abc");
        assertThat(json.path("init_lora_weights").asText()).isEqualTo("pissa_niter_16");
        assertThat(json.path("use_rslora").booleanValue()).isTrue();
        assertThat(json.path("use_dora").booleanValue()).isTrue();
        assertThat(json.path("lora_alpha").doubleValue()).isEqualTo(2.5);
        assertThat(Json.line(json.path("rank_pattern"))).isEqualTo("{\"q_proj\":4}");
        assertThat(json.path("modules_to_save").isNull()).isTrue();
    }

    @Test
    void axolotlHasLayersOfItsOwn() throws IOException {
        ObjectNode settings = yaml(ExportFormat.AXOLOTL, TestExport.decoder().variant("rslora+pissa", 16));

        assertThat(settings.path("base_model").asText()).isEqualTo("org/model");
        assertThat(settings.path("adapter").asText()).isEqualTo("lora");
        assertThat(Json.line(settings.path("peft_layers_to_transform"))).isEqualTo("[1,3]");
        assertThat(texts(settings.path("peft_layers_pattern"))).containsExactly("layers");
        assertThat(texts(settings.path("lora_target_modules"))).containsExactly("q_proj", "gate_proj");
        assertThat(settings.path("peft_init_lora_weights").asText()).isEqualTo("pissa");
        assertThat(settings.path("peft_use_rslora").booleanValue()).isTrue();
        assertThat(settings.path("peft_use_dora").booleanValue()).isFalse();
        assertThat(settings.path("lora_alpha").isInt()).isTrue();
        assertThat(settings.path("lora_r").isInt()).isTrue();
        assertThat(settings.path("loraplus_lr_ratio").doubleValue()).isEqualTo(16);
        assertThat(yaml(ExportFormat.AXOLOTL, TestExport.decoder())
                        .path("peft_init_lora_weights")
                        .booleanValue())
                .isTrue();
    }

    @Test
    void axolotlOpensQuantisedWeightsByTheirSetting() throws IOException {
        assertThat(yaml(ExportFormat.AXOLOTL, TestExport.decoder().quantized(QuantizationMethod.BITSANDBYTES_4))
                        .toString())
                .contains("\"load_in_4bit\":true", "\"adapter\":\"qlora\"");
        assertThat(yaml(ExportFormat.AXOLOTL, TestExport.decoder().quantized(QuantizationMethod.GPTQ))
                        .toString())
                .contains("\"gptq\":true", "\"adapter\":\"lora\"");
        TestExport awq = TestExport.decoder().quantized(QuantizationMethod.AWQ);
        assertThatThrownBy(() -> awq.text(ExportFormat.AXOLOTL))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("no setting for the quantised weights of org/model");
        assertThat(schema("axolotl"))
                .containsAll(keys(
                        yaml(ExportFormat.AXOLOTL, TestExport.decoder().quantized(QuantizationMethod.BITSANDBYTES_8))))
                .contains("load_in_4bit", "gptq");
    }

    @ParameterizedTest
    @EnumSource(ExportFormat.class)
    void quantisedWeightsHaveNoPartToStartFrom(ExportFormat tool) {
        TestExport recipe = TestExport.decoder()
                .quantized(QuantizationMethod.GPTQ)
                .with(LoraSettings.VARIANT, LoraVariant.of("pissa"));
        assertThatThrownBy(() -> recipe.text(tool))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(
                        "PiSSA takes a part out of the weights of the model, and those of org/model are quantised");
    }

    @Test
    void thePeftScriptNamesThePackageOfQuantisedWeights() {
        assertThat(TestExport.decoder()
                        .quantized(QuantizationMethod.BITSANDBYTES_4)
                        .text(ExportFormat.PEFT))
                .contains("# Needs the packages torch, transformers, peft and bitsandbytes.");
        assertThat(TestExport.decoder()
                        .quantized(QuantizationMethod.BITSANDBYTES_4)
                        .text(ExportFormat.UNSLOTH))
                .contains("load_in_4bit=True")
                .doesNotContain("load_in_8bit");
    }

    @Test
    void unslothOpensQuantisedWeightsByTheirSettingOrNotAtAll() {
        assertThat(TestExport.decoder()
                        .quantized(QuantizationMethod.BITSANDBYTES_8)
                        .text(ExportFormat.UNSLOTH))
                .contains("    load_in_4bit=False,\n    load_in_8bit=True,\n");
        assertThat(TestExport.decoder().text(ExportFormat.UNSLOTH))
                .contains("load_in_4bit=False")
                .doesNotContain("load_in_8bit");
        TestExport gptq = TestExport.decoder().quantized(QuantizationMethod.GPTQ);
        assertThatThrownBy(() -> gptq.text(ExportFormat.UNSLOTH))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Unsloth has no setting for the quantised weights of org/model; export for PEFT, or choose a"
                                + " checkpoint in 16 bits.");
    }

    @Test
    void llamaFactoryNamesModulesInFull() throws IOException {
        ObjectNode settings =
                yaml(ExportFormat.LLAMA_FACTORY, TestExport.decoder().variant(ALL, 4));

        assertThat(settings.path("lora_target").asText())
                .isEqualTo("model.layers.1.self_attn.q_proj,model.layers.1.mlp.gate_proj,"
                        + "model.layers.3.self_attn.q_proj,model.layers.3.mlp.gate_proj");
        assertThat(settings.path("pissa_iter").intValue()).isEqualTo(16);
        assertThat(yaml(ExportFormat.LLAMA_FACTORY, TestExport.decoder().variant("pissa", 4))
                        .path("pissa_iter")
                        .intValue())
                .isEqualTo(-1);
    }

    /** YAML 1.1, as Python's reader follows it, takes 5e-8 without a point for a text. */
    @Test
    void smallNumbersAreNumbersToEveryReader() {
        assertThat(TestExport.decoder().with(LoraSettings.ALPHA, 16.0).text(ExportFormat.AXOLOTL))
                .contains("\nlearning_rate: 0.00000005\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"yes", "1e3", "0x1f", "null", "a: b", "#x", "it's \"so\"", "C:\\new\\table", "a\nb", "ärger", " "
            })
    void namesAreReadBackAsTheyWere(String name) throws IOException {
        TestExport recipe = TestExport.decoder().named(name, null);

        assertThat(yaml(ExportFormat.AXOLOTL, recipe).path("base_model")).isEqualTo(Json.tree(name));
        assertThat(yaml(ExportFormat.LLAMA_FACTORY, recipe).path("model_name_or_path"))
                .isEqualTo(Json.tree(name));
    }

    @Test
    void textsAreEscapedForPython() {
        assertThat(PythonText.of("it's \"so\" \\n\n\r\t")).isEqualTo("\"it's \\\"so\\\" \\\\n\\n\\r\\t\"");
        assertThat(PythonText.of("ärger\u0000\u2028\u200b\ud83d\ude00"))
                .isEqualTo("\"ärger\\u0000\\u2028\\u200b\ud83d\ude00\"");
        assertThat(PythonText.of("\ud800")).isEqualTo("\"\\ud800\"");
        assertThat(PythonText.of("\udb40\udc01")).isEqualTo("\"\\U000e0001\"");
    }

    @ParameterizedTest
    @EnumSource(names = {"AXOLOTL", "LLAMA_FACTORY"})
    void whatAToolCannotDoIsRefused(ExportFormat tool) {
        assertThatThrownBy(() -> TestExport.encoder().text(tool))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("trains language models, and org/model is an encoder");
        assertThatThrownBy(
                        () -> TestExport.decoder().with(LoraSettings.ALPHA, 2.5).text(tool))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("alpha is 2.5");
        assertThatThrownBy(() ->
                        TestExport.decoder().with(LoraSettings.BIAS, Bias.ALL).text(tool))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("biases");
    }

    @Test
    void decoderWithAHeadForClassesIsExportedAsAClassifier() throws IOException {
        TestExport recipe = TestExport.decoderOfClasses();

        assertThat(recipe.text(ExportFormat.PEFT))
                .contains(
                        "AutoModelForSequenceClassification.from_pretrained(MODEL, num_labels=NUM_LABELS)",
                        "task_type=\"SEQ_CLS\"");
        assertThat(Json.parse(recipe.text(ExportFormat.PEFT_CONFIG))
                        .path("task_type")
                        .asText())
                .isEqualTo("SEQ_CLS");
        for (ExportFormat tool : List.of(ExportFormat.AXOLOTL, ExportFormat.LLAMA_FACTORY, ExportFormat.UNSLOTH)) {
            assertThatThrownBy(() -> recipe.text(tool))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("trains language models, and org/model is a classifier");
        }
    }

    @Test
    void theUnslothScriptSaysWhatIsTrained() {
        assertThat(TestExport.decoder()
                        .named("org/model", "abc")
                        .with(LoraSettings.MODULES_TO_SAVE, List.of("lm_head"))
                        .text(ExportFormat.UNSLOTH))
                .isEqualTo(
                        """
                        # LoRA on 2 of 12 layers (1,3), by hand
                        # Needs the package unsloth (2026.10.9 or later) and a GPU. Import unsloth before transformers and peft.
                        from unsloth import FastLanguageModel

                        model, tokenizer = FastLanguageModel.from_pretrained(
                            model_name="org/model",
                            revision="abc",
                            load_in_4bit=False,
                            use_exact_model_name=True,  # not a copy of the model by Unsloth
                        )
                        model = FastLanguageModel.get_peft_model(
                            model,
                            r=8,
                            lora_alpha=16,
                            lora_dropout=0.05,
                            bias="none",
                            target_modules=["q_proj", "gate_proj"],
                            target_parameters=[],  # adapters on the modules above alone, not on experts
                            layers_to_transform=[1, 3],
                            layers_pattern=["layers"],
                            modules_to_save=["lm_head"],
                            use_rslora=False,
                        )
                        model.print_trainable_parameters()
                        """);
    }

    @Test
    void everyArgumentForUnslothIsOneOfItsOwnOrOfPeft() throws IOException {
        String script = TestExport.decoder()
                .with(LoraSettings.VARIANT, LoraVariant.of("rslora+dora"))
                .with(LoraSettings.RANK_PATTERN, Map.of("q_proj", 4))
                .with(LoraSettings.ALPHA_PATTERN, Map.of("q_proj", 2.5))
                .text(ExportFormat.UNSLOTH);
        Set<String> own = schema("unsloth");
        Set<String> handedOn = schema("peft-lora-config");

        assertThat(own).containsAll(arguments(script, "from_pretrained(", "get_peft_model("));
        assertThat(arguments(script, "get_peft_model(", "print_trainable"))
                .contains("use_dora", "rank_pattern", "alpha_pattern")
                .allMatch(name -> own.contains(name) || handedOn.contains(name));
    }

    @Test
    void whatUnslothCannotDoIsRefused() {
        assertThatThrownBy(() -> TestExport.encoder().text(ExportFormat.UNSLOTH))
                .hasMessageContaining("Unsloth trains language models, and org/model is an encoder");
        assertThatThrownBy(() -> TestExport.vision().text(ExportFormat.UNSLOTH))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("also takes images");
        assertThat(TestExport.decoder()
                        .with(LoraSettings.VARIANT, LoraVariant.of("olora"))
                        .with(LoraSettings.MODULES_TO_SAVE, List.of("norm"))
                        .text(ExportFormat.UNSLOTH))
                .contains("    init_lora_weights=\"olora\",\n", "    modules_to_save=[\"norm\"],\n");
        assertThatThrownBy(() -> TestExport.decoder().variant("rslora", 16).text(ExportFormat.UNSLOTH))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("LoRA+");
        assertThatThrownBy(() -> TestExport.decoder()
                        .with(LoraSettings.MODULES_TO_SAVE, List.of("q_proj"))
                        .text(ExportFormat.UNSLOTH))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("but not q_proj");
    }

    @Test
    void ranksOfTheirOwnAreRefusedWhereThereIsNoSettingForThem() {
        TestExport recipe = TestExport.decoder().with(LoraSettings.RANK_PATTERN, Map.of("q_proj", 4));

        assertThatThrownBy(() -> recipe.text(ExportFormat.LLAMA_FACTORY)).isInstanceOf(UserException.class);
    }

    @Test
    void oloraIsExportedWhereThereIsASettingForIt() throws IOException {
        TestExport olora = TestExport.decoder().variant("olora", 4);

        assertThat(olora.text(ExportFormat.PEFT)).contains("    init_lora_weights=\"olora\",\n");
        assertThat(yaml(ExportFormat.AXOLOTL, olora)
                        .path("peft_init_lora_weights")
                        .asText())
                .isEqualTo("olora");
        assertThatThrownBy(() -> olora.text(ExportFormat.LLAMA_FACTORY))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("LLaMA-Factory has no setting for OLoRA");
    }

    @Test
    void missIsExportedForPeftAlone() {
        TestExport miss = TestExport.decoder().with(LoraSettings.VARIANT, LoraVariant.MISS);
        assertThatThrownBy(() -> TestExport.decoder().variant("miss", 4).text(ExportFormat.PEFT))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("leave out --lora-plus-ratio");
        for (ExportFormat other : List.of(ExportFormat.AXOLOTL, ExportFormat.LLAMA_FACTORY, ExportFormat.UNSLOTH)) {
            assertThatThrownBy(() -> miss.text(other))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("has no setting for MiSS");
        }
        assertThat(miss.text(ExportFormat.PEFT))
                .startsWith("# MiSS on ")
                .contains(
                        "from peft import MissConfig, get_peft_model\n", "config = MissConfig(\n", "    miss_dropout=")
                .doesNotContain("lora_alpha", "LoraConfig", "use_dora");
    }

    @Test
    void settingsThatMissLacksAreRefusedInEveryFormat() {
        TestExport miss = TestExport.decoder().with(LoraSettings.VARIANT, LoraVariant.MISS);
        for (ExportFormat format : ExportFormat.values()) {
            assertThatThrownBy(() -> miss.with(LoraSettings.RANK_PATTERN, Map.of("q_proj", 4))
                            .text(format))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("MiSS has one rank for all modules");
            assertThatThrownBy(
                            () -> miss.with(LoraSettings.BIAS, Bias.LORA_ONLY).text(format))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("set bias to none");
            assertThatThrownBy(() -> miss.with(LoraSettings.ALPHA, 3.0).text(format))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("leave out --alpha");
        }
        assertThatThrownBy(() -> miss.text(
                        ExportFormat.PEFT_CONFIG,
                        SelectedModules.of(
                                Map.of("model.layers.1.self_attn.q_proj", 2, "model.layers.3.self_attn.q_proj", 4))))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("MiSS has one rank for all modules");
        assertThat(miss.with(LoraSettings.ALPHA, 8.0).text(ExportFormat.PEFT)).contains("    r=8,\n");
    }

    @Test
    void evaIsNotExported() {
        TestExport eva = TestExport.decoder().with(LoraSettings.VARIANT, LoraVariant.of("eva"));
        assertThatThrownBy(() -> eva.text(ExportFormat.PEFT))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("which exports do not hold; choose another variant");
    }

    @Test
    void loraGaIsNotExported() {
        TestExport gradients = TestExport.decoder().with(LoraSettings.VARIANT, LoraVariant.of("lora-ga"));
        assertThatThrownBy(() -> gradients.text(ExportFormat.PEFT))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("LoRA-GA starts from gradients on training rows, which exports do not hold");
    }

    @Test
    void theOneHotStringIsOfAllLayers() {
        assertThat(TestExport.encoder().text(ExportFormat.ONE_HOT)).isEqualTo("010100000000");
        assertThat(ExportFormat.of("one-hot")).isEqualTo(ExportFormat.ONE_HOT);
        assertThatThrownBy(() -> ExportFormat.of("onehot"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("peft-config, peft, axolotl, llama-factory, unsloth, one-hot");
    }
}
