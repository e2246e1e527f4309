package org.layerwise.lora;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.model.TargetModules;
import org.layerwise.model.family.ModelClasses;

/**
 * Values of PEFT's {@code adapter_config.json}, as PEFT 0.17.1 writes it for LoRA and MiSS; an unsupported value that changes the result
 * is refused by name.
 *
 * @param targetModules names or an expression, as {@link TargetModules} reads them; empty if only the weights show the
 *     targets
 * @param targetParameters weights of experts that get adapters, by the ends of their names
 * @param layers 0-based layers; empty for all
 * @param layersPattern names of the lists of layers in which the layers are counted
 * @param excluded modules that get no adapter, as {@link TargetModules} reads them
 * @param modulesToSave modules that are trained and saved in full
 * @param biasOnB true if B has a bias
 * @param turned true if the base model's linear maps are stored {@code [in, out]}
 * @param wrapped family that {@code auto_mapping} names, as for models whose language model is a part of them; null for none
 * @param taskType PEFT's task type, for example {@code SEQ_CLS}
 * @param base base model of the adapter; null if the file names none
 */
public record PeftConfig(
        int rank,
        double alpha,
        double dropout,
        List<String> targetModules,
        List<String> targetParameters,
        Optional<SortedSet<Integer>> layers,
        List<String> layersPattern,
        List<String> excluded,
        LoraVariant variant,
        Bias bias,
        Map<String, Integer> rankPattern,
        Map<String, Double> alphaPattern,
        List<String> modulesToSave,
        boolean biasOnB,
        boolean turned,
        @Nullable String wrapped,
        @Nullable String taskType,
        @Nullable BaseModel base) {

    /** Switches that must be off, with the names of the features that they turn on. */
    private static final Map<String, String> SWITCHES =
            Map.of("use_qalora", "QALoRA", "ensure_weight_tying", "token vectors and output trained as one");

    /** Keys that must be absent, null or empty. */
    private static final List<String> MUST_BE_EMPTY = List.of(
            "layer_replication",
            "trainable_token_indices",
            "megatron_config",
            // of versions after 0.17.1
            "alora_invocation_tokens",
            "arrow_config",
            "kasa_config",
            "monteclora_config",
            "use_bdlora");

    /** Initialisations that change the weights of the base in ways that the file does not record. */
    private static final Set<String> CHANGES_OF_THE_BASE = Set.of("corda", "loftq");

    /** Initialisations that leave the weights of the base unchanged. */
    private static final Set<String> PLAIN_INITIALISATIONS =
            Set.of("true", "false", "gaussian", "orthogonal", "eva", "mica");

    /** PEFT's task type of classifiers and of regression. */
    public static final String CLASSIFICATION_TASK = "SEQ_CLS";

    /** PEFT's task type of models that predict tokens. */
    public static final String LANGUAGE_MODEL_TASK = "CAUSAL_LM";

    private static final Set<String> TASK_TYPES =
            Set.of(CLASSIFICATION_TASK, LANGUAGE_MODEL_TASK, "FEATURE_EXTRACTION");

    private static final Pattern LIBRARY = Pattern.compile("transformers\\.models\\.(\\w+)\\.modeling_\\1");

    /** Key of the kind of adapter. */
    static final String TYPE = "peft_type";

    private static final String LORA = "LORA";
    private static final String BASE_MODEL = "base_model_name_or_path";
    private static final String REVISION = "revision";
    private static final String LAYERS = "layers_to_transform";
    private static final int DEFAULT_RANK = 8;
    private static final double DEFAULT_ALPHA = 8;
    private static final int QALORA_GROUP = 16;

    /** @throws UserException if the adapters are of MiSS, which lacks a setting; the message names it */
    public PeftConfig {
        if (variant.sharded()) {
            LoraConfig.requireMiss(bias, rankPattern, alphaPattern, biasOnB, targetParameters);
        }
    }

    /**
     * Returns the configuration of new adapters.
     *
     * @param values values of {@link LoraSettings}
     * @param layers 0-based layers that get adapters
     * @param layersPattern names of the lists of layers in which the layers are counted; empty for any list
     * @param defaultTargets target modules if the values name none
     * @throws UserException if the variant lacks a setting that is given
     */
    public static PeftConfig of(
            SettingValues values,
            SortedSet<Integer> layers,
            List<String> layersPattern,
            List<String> defaultTargets,
            @Nullable String taskType,
            @Nullable BaseModel base) {
        int rank = values.get(LoraSettings.RANK);
        boolean sharded = values.get(LoraSettings.VARIANT).sharded();
        if (sharded && values.given(LoraSettings.ALPHA).orElse((double) rank) != rank) {
            throw new UserException("MiSS has no alpha; leave out %s.".formatted(LoraSettings.ALPHA.flag()));
        }
        return new PeftConfig(
                rank,
                sharded ? rank : values.get(LoraSettings.ALPHA),
                values.get(LoraSettings.DROPOUT),
                values.find(LoraSettings.TARGET_MODULES).orElse(defaultTargets),
                values.get(LoraSettings.TARGET_PARAMETERS),
                Optional.of(layers),
                layersPattern,
                List.of(),
                values.get(LoraSettings.VARIANT),
                values.get(LoraSettings.BIAS),
                values.get(LoraSettings.RANK_PATTERN),
                values.get(LoraSettings.ALPHA_PATTERN),
                values.get(LoraSettings.MODULES_TO_SAVE),
                false,
                false,
                null,
                taskType,
                base);
    }

    static PeftConfig of(PeftAdapter adapter) {
        LoraConfig config = adapter.config();
        AdvancedLoraConfig details = config.details();
        return new PeftConfig(
                config.rank(),
                config.alpha(),
                config.dropout(),
                config.targetModules(),
                details.targetParameters(),
                details.everyLayer() ? Optional.empty() : Optional.of(config.layers()),
                details.layersPattern(),
                details.excluded(),
                config.variant(),
                config.bias(),
                config.rankPattern(),
                config.alphaPattern(),
                adapter.modulesToSave(),
                details.biasOnB(),
                adapter.host().turned(),
                adapter.host().wrapped(),
                adapter.taskType(),
                adapter.base());
    }

    /**
     * Reads a file.
     *
     * @throws UserException if the file is missing or broken, or the adapter is of a kind that is not supported
     */
    public static PeftConfig read(Path file) {
        JsonNode json = Json.read(file);
        PeftValues values = new PeftValues(file, json);
        values.requireKnown("task_type", TASK_TYPES);
        return switch (json.path(TYPE).asText("unknown")) {
            case LORA -> lora(values);
            case MissConfig.TYPE -> MissConfig.read(values);
            default ->
                throw new UserException(
                        "%s describes an adapter of type \"%s\"; Layerwise reads LORA and MISS adapters."
                                .formatted(file, json.path(TYPE).asText("unknown")));
        };
    }

    private static PeftConfig lora(PeftValues values) {
        Path file = values.file();
        SWITCHES.forEach((key, variant) -> {
            if (values.flag(key)) {
                throw new UserException(
                        "%s has %s = true (%s), which Layerwise does not support.".formatted(file, key, variant));
            }
        });
        MUST_BE_EMPTY.forEach(values::requireEmpty);
        Initialisation initialisation = initialisation(values);
        return new PeftConfig(
                values.positive("r", DEFAULT_RANK),
                values.alpha("lora_alpha", DEFAULT_ALPHA),
                values.dropout("lora_dropout"),
                values.modules("target_modules"),
                values.texts("target_parameters"),
                readLayers(file).filter(named -> !named.isEmpty()),
                values.strings("layers_pattern"),
                values.modules("exclude_modules"),
                new LoraVariant(values.flag("use_rslora"), values.flag("use_dora"), initialisation),
                values.bias(),
                values.ranks("rank_pattern"),
                values.alphas("alpha_pattern"),
                values.strings("modules_to_save"),
                values.flag("lora_bias"),
                values.flag("fan_in_fan_out"),
                wrapped(values.json().path("auto_mapping")),
                values.text("task_type"),
                base(values));
    }

    /**
     * Reads the layers that any of PEFT's adapter_config.json files names.
     *
     * @return the layers; empty if the file names none, which in PEFT means every layer
     * @throws UserException if the file is missing, is not JSON, or the layers are neither a layer nor a list of layers
     */
    static Optional<SortedSet<Integer>> readLayers(Path adapterConfig) {
        JsonNode root = Json.read(adapterConfig);
        JsonNode named = root.path(LAYERS);
        if (!root.isObject()) {
            throw new UserException(
                    "%s is no adapter_config.json: a JSON object is expected.".formatted(adapterConfig));
        }
        if (named.isMissingNode() || named.isNull()) {
            return Optional.empty();
        }
        SortedSet<Integer> layers = new TreeSet<>();
        for (JsonNode layer : named.isArray() ? named : List.of(named)) {
            if (!layer.isInt() || layer.intValue() < 0) {
                throw new UserException("%s has %s in \"%s\"; a layer number or a list of them is expected there."
                        .formatted(adapterConfig, Json.line(layer), LAYERS));
            }
            layers.add(layer.intValue());
        }
        return Optional.of(layers);
    }

    static @Nullable BaseModel base(PeftValues values) {
        String name = values.text(BASE_MODEL);
        return name == null ? null : new BaseModel(name, values.text(REVISION));
    }

    private static Initialisation initialisation(PeftValues values) {
        String word = values.word("init_lora_weights");
        Optional<Initialisation.FromWeight> fromWeight = Initialisation.fromWeight(word);
        if (fromWeight.isPresent()) {
            return fromWeight.get();
        }
        if (word.equals(Initialisation.LoraGa.PEFT)) {
            return new Initialisation.LoraGa();
        }
        if (CHANGES_OF_THE_BASE.contains(word)) {
            throw new UserException(
                    "%s has init_lora_weights = \"%s\", which changed the weights of the base model; open the base as it was changed and set init_lora_weights to true%s."
                            .formatted(
                                    values.file(),
                                    word,
                                    word.equals("loftq")
                                            ? ""
                                            : ", or let PEFT convert the adapter"
                                                    + " (path_initial_model_for_weight_conversion)"));
        }
        values.requireKnown("init_lora_weights", PLAIN_INITIALISATIONS);
        return Initialisation.random();
    }

    /**
     * Returns the configuration for computing with the adapters.
     *
     * @param adapted full names of modules that have adapters, which stand for target modules and layers that are not
     *     named
     * @throws UserException if a value is out of range, or there is no layer or no target module
     */
    public LoraConfig lora(Collection<String> adapted) {
        return new LoraConfig(
                rank,
                alpha,
                dropout,
                targetModules.isEmpty() ? List.copyOf(adapted) : targetModules,
                layers.orElseGet(() -> PeftNames.layers(adapted)),
                variant,
                bias,
                rankPattern,
                alphaPattern,
                modulesToSave,
                new AdvancedLoraConfig(layers.isEmpty(), layersPattern, excluded, biasOnB, targetParameters));
    }

    static @Nullable String wrapped(JsonNode mapping) {
        Matcher library = LIBRARY.matcher(mapping.path("parent_library").asText(""));
        String family = library.matches() ? library.group(1) : null;
        boolean same = family != null
                && ModelClasses.isKnown(family)
                && ModelClasses.languageModel(family)
                        .equals(mapping.path("base_model_class").asText(""));
        return same ? family : null;
    }

    /** Returns the content of a file for adapters that {@code get_peft_model} of PEFT creates and then trains. */
    public String textToTrain() {
        return Json.pretty(toJson(false));
    }

    void write(Path file) {
        Json.write(file, toJson(true));
    }

    private ObjectNode toJson(boolean inferenceMode) {
        ObjectNode json = common(inferenceMode);
        if (variant.sharded()) {
            MissConfig.add(json, dropout);
        } else {
            addLora(json);
        }
        return sorted(json);
    }

    /** Returns an object with its keys in the order in which PEFT writes them. */
    private static ObjectNode sorted(ObjectNode json) {
        ObjectNode sorted = Json.object();
        json.properties().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> sorted.set(entry.getKey(), entry.getValue()));
        return sorted;
    }

    /**
     * Returns the keys that the files of all kinds of adapters have.
     *
     * @param inferenceMode true if PEFT must not train the adapters that it loads
     */
    private ObjectNode common(boolean inferenceMode) {
        ObjectNode json = Json.object();
        if (wrapped != null) {
            json.putObject("auto_mapping")
                    .put("base_model_class", ModelClasses.languageModel(wrapped))
                    .put("parent_library", "transformers.models.%1$s.modeling_%1$s".formatted(wrapped));
        } else {
            json.putNull("auto_mapping");
        }
        json.put(BASE_MODEL, base == null ? null : base.name());
        json.put("bias", bias.id());
        json.set("exclude_modules", modules(excluded));
        json.put("inference_mode", inferenceMode);
        json.set("layers_pattern", layersPattern.isEmpty() ? null : Json.tree(layersPattern));
        json.set(LAYERS, layers.<JsonNode>map(Json::tree).orElse(null));
        List<String> saved = savedModules(modulesToSave, taskType);
        json.set("modules_to_save", saved.isEmpty() ? null : Json.tree(saved));
        json.put("r", rank);
        json.put(REVISION, base == null ? null : base.revision());
        // null would mean the usual modules of the family
        boolean expertsAlone = targetModules.isEmpty() && !targetParameters.isEmpty();
        json.set("target_modules", expertsAlone ? Json.tree(List.of()) : modules(targetModules));
        json.put("task_type", taskType);
        return json;
    }

    private void addLora(ObjectNode json) {
        json.put(TYPE, LORA);
        json.set("alpha_pattern", pattern(alphaPattern));
        json.putNull("corda_config");
        if (variant.initialisation() instanceof Initialisation.Eva) {
            json.putObject("eva_config").put("rho", 1.0); // ranks are not spread anew
        } else {
            json.putNull("eva_config");
        }
        json.put("fan_in_fan_out", turned);
        json.set("init_lora_weights", Json.tree(variant.initialisation().peftValue()));
        json.putNull("layer_replication");
        json.putObject("loftq_config");
        json.set("lora_alpha", Json.tree(whole(alpha)));
        json.put("lora_bias", biasOnB);
        json.put("lora_dropout", dropout);
        json.putNull("megatron_config");
        json.put("megatron_core", "megatron.core");
        json.put("qalora_group_size", QALORA_GROUP);
        json.set("rank_pattern", Json.tree(rankPattern));
        json.set("target_parameters", targetParameters.isEmpty() ? null : Json.tree(targetParameters));
        json.putNull("trainable_token_indices");
        json.put("use_dora", variant.decomposed());
        json.put("use_qalora", false);
        json.put("use_rslora", variant.rankStabilised());
    }

    /** Returns the modules to save; for sequence classification PEFT names two more, even if the model lacks them. */
    static List<String> savedModules(List<String> modulesToSave, @Nullable String taskType) {
        Set<String> saved = new LinkedHashSet<>(modulesToSave);
        if (CLASSIFICATION_TASK.equals(taskType)) {
            saved.addAll(LoraSettings.CLASSIFIERS);
        }
        return List.copyOf(saved);
    }

    private static @Nullable JsonNode modules(List<String> names) {
        if (names.isEmpty()) {
            return null;
        }
        TargetModules modules = new TargetModules(names);
        return modules.expression().isPresent() || modules.all()
                ? Json.tree(names.get(0))
                : Json.tree(new ArrayList<>(new TreeSet<>(names)));
    }

    private static JsonNode pattern(Map<String, Double> alphas) {
        ObjectNode json = Json.object();
        alphas.forEach((name, value) -> json.set(name, Json.tree(whole(value))));
        return json;
    }

    // PEFT declares alpha as a whole number
    private static Number whole(double number) {
        return number == Math.rint(number) && Math.abs(number) <= Integer.MAX_VALUE ? (Number) (int) number : number;
    }
}
