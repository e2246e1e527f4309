package org.layerwise.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.json.Json;
import org.layerwise.base.json.Yaml;
import org.layerwise.base.setting.Setting;
import org.layerwise.base.setting.SettingDifference;
import org.layerwise.base.setting.SettingType;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.base.setting.YamlSettings;
import org.layerwise.lora.LoraConfig;
import org.layerwise.lora.LoraSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.Loading;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.training.OptimiserSettings;
import org.layerwise.training.TaskKind;
import org.layerwise.training.TrainerSettings;

/**
 * File {@code config.yaml} of a run, with the effective value of every flag of {@code train}, so that the run can be
 * repeated.
 */
public final class RunConfig {

    public static final String NAME = "config.yaml";

    /** Flags that may change when a run is resumed, in addition to settings that do not affect the results. */
    private static final Set<String> FREE = Set.of("device", "load", ModelSettings.KEEP_QUANTIZED.name(), "out");

    private static final List<Setting<?>> SETTINGS = Setting.join(DataSettings.VALUES, TrainingSettings.VALUES);

    /** Names of those settings that are files or folders. */
    private static final Set<String> PATHS = SETTINGS.stream()
            .filter(setting -> setting.type().kind() == SettingType.Kind.FILE
                    || setting.type().kind() == SettingType.Kind.FOLDER)
            .map(Setting::name)
            .collect(Collectors.toSet());

    private static final String TYPE = ModelSettings.DTYPE.name();

    /** Settings of the form into which a model's linear maps are packed. */
    private static final List<Setting<?>> PACKING = List.of(ModelSettings.QUANTIZE, ModelSettings.KEEP_QUANTIZED);

    private RunConfig() {}

    public static void write(Path out, Map<String, Object> flags) {
        AtomicFiles.writeString(out.resolve(NAME), Yaml.write(flags));
    }

    /**
     * Checks that a run is resumed with the settings that it was started with.
     *
     * @throws UserException if a flag has another value
     */
    public static void requireSame(Path out, Map<String, Object> flags) {
        requireSame(out, Yaml.read(out.resolve(NAME)), flags);
        // users may have edited config.yaml
        RunFile.config(out).ifPresent(config -> requireSame(out, config, flags));
    }

    private static void requireSame(Path out, ObjectNode began, Map<String, Object> flags) {
        Set<String> all = new LinkedHashSet<>(flags.keySet());
        began.fieldNames().forEachRemaining(all::add);
        all.removeAll(FREE);
        SETTINGS.forEach(setting -> all.remove(setting.name()));
        for (String flag : all) {
            requireSame(out, flag(flag, began, flags));
        }
        differences(out, began, flags).forEach(found -> requireSame(out, found));
    }

    /**
     * Returns the flags of a run that is resumed, which keep the setting of the data type that the run began with if
     * the model computes in the type that the run has computed in. One setting is another type on another device.
     *
     * @param flags flags as {@link #flags} returns them
     * @param dtype name of the data type that the model computes in
     */
    public static Map<String, Object> resumed(Path out, Map<String, Object> flags, String dtype) {
        Optional<ObjectNode> began = RunFile.config(out).filter(config -> config.has(TYPE));
        if (began.isEmpty() || !Run.open(out).dtype().equals(Optional.of(dtype))) {
            return flags;
        }
        Map<String, Object> kept = new LinkedHashMap<>(flags);
        kept.put(TYPE, began.get().path(TYPE).asText());
        return kept;
    }

    private static SettingDifference flag(String name, ObjectNode began, Map<String, Object> flags) {
        return new SettingDifference(name, began.path(name).asText(""), String.valueOf(flags.getOrDefault(name, "")));
    }

    /**
     * Returns the first setting that affects numerical results and differs from the one that a run has computed with.
     * Names of files and folders are not compared, since these may have been moved.
     *
     * @param flags flags as {@link #flags} returns them
     * @return difference; empty if there is none, or if it is not known what the run has computed with
     */
    public static Optional<SettingDifference> difference(Path out, Map<String, Object> flags) {
        return RunFile.config(out).flatMap(began -> Stream.concat(
                        Stream.of(flag(TYPE, began, flags), flag(ModelSettings.QUANTIZE.name(), began, flags)),
                        differences(out, began, flags).filter(found -> !PATHS.contains(found.name())))
                .filter(SettingDifference::exists)
                .findFirst());
    }

    /** Returns both values of the settings of data and training that affect numerical results. */
    private static Stream<SettingDifference> differences(Path out, ObjectNode began, Map<String, Object> flags) {
        SettingValues then = values(out, began);
        SettingValues now = values(out, Json.tree(flags));
        return SETTINGS.stream()
                .filter(setting -> setting.changesNumbers() && setting.appliesTo(now))
                .map(setting -> SettingDifference.of(setting, then, now));
    }

    private static SettingValues values(Path out, ObjectNode tree) {
        Map<String, JsonNode> values = new LinkedHashMap<>();
        tree.properties().forEach(entry -> values.put(entry.getKey(), entry.getValue()));
        return YamlSettings.read(out.resolve(NAME), values, SETTINGS);
    }

    private static void requireSame(Path out, SettingDifference found) {
        if (found.exists()) {
            throw new UserException(
                    "The run in %s began with %s; leave the flag as it was, or start anew into another folder."
                            .formatted(out, found.words()));
        }
    }

    /**
     * Returns all flags of a run with their effective values.
     *
     * @param reference name of the model with the revision that was opened
     */
    public static Map<String, Object> flags(
            Path out,
            String reference,
            ModelSettings model,
            DataSettings data,
            int samples,
            TaskKind task,
            LoraConfig lora,
            TrainingSettings settings,
            TrainerSettings trainer) {
        Map<String, Object> flags = new LinkedHashMap<>();
        flags.put("model", reference);
        flags.put("device", model.device());
        flags.put(TYPE, model.type().id());
        // for a run on a cluster nothing is loaded on this computer; a repetition on this computer loads the model by
        // default
        Loading loading = model.loading();
        flags.put("load", (loading == Loading.NONE ? Loading.AUTO : loading).id());
        // left out where nothing is packed, as in runs of earlier versions
        flags.putAll(model.values().withoutDefaults().written(PACKING));
        flags.put("data", absolute(data.data()));
        SettingValues rows = data.values()
                .with(DataSettings.SAMPLES, samples)
                .with(DataSettings.BATCH, trainer.batches().rows());
        flags.putAll(rows.effective(DataSettings.VALUES));
        flags.put("layers", lora.layers().stream().map(String::valueOf).collect(Collectors.joining(",")));
        flags.putAll(decided(settings, task, lora, trainer).effective(TrainingSettings.VALUES));
        flags.put("out", out.toAbsolutePath().normalize().toString());
        return flags;
    }

    /** Returns the settings with the task, the resulting numbers of steps, and absolute paths of files. */
    private static SettingValues decided(
            TrainingSettings settings, TaskKind task, LoraConfig lora, TrainerSettings trainer) {
        return settings.values()
                .with(TrainingSettings.TASK, task)
                .with(
                        LoraSettings.INIT_ADAPTER,
                        Optional.ofNullable(settings.adapter().initial())
                                .map(folder -> Path.of(absolute(folder.toString()))))
                .with(LoraSettings.TARGET_MODULES, lora.targetModules())
                .with(
                        LoraSettings.TARGET_PARAMETERS,
                        settings.adapter().initial() == null
                                ? settings.get(LoraSettings.TARGET_PARAMETERS)
                                : lora.details().targetParameters())
                .with(LoraSettings.RANK, lora.rank())
                .with(LoraSettings.ALPHA, lora.alpha())
                .with(LoraSettings.DROPOUT, lora.dropout())
                .with(LoraSettings.VARIANT, lora.variant())
                .with(LoraSettings.BIAS, lora.bias())
                .with(LoraSettings.RANK_PATTERN, lora.rankPattern())
                .with(LoraSettings.ALPHA_PATTERN, lora.alphaPattern())
                .with(LoraSettings.MODULES_TO_SAVE, lora.modulesToSave())
                .with(
                        TrainingSettings.VALIDATION,
                        Optional.ofNullable(settings.validation()).map(RunConfig::absoluteAll))
                .with(
                        TrainingSettings.TEST,
                        Optional.ofNullable(settings.test()).map(RunConfig::absolute))
                .without(OptimiserSettings.EPOCHS)
                .with(OptimiserSettings.STEPS, trainer.schedule().steps())
                .without(OptimiserSettings.WARMUP_RATIO)
                .with(OptimiserSettings.WARMUP_STEPS, trainer.schedule().warmupSteps());
    }

    /** Returns flags of the user with absolute paths of files and folders. */
    public static Map<String, Object> fromEverywhere(Map<String, Object> flags) {
        Map<String, Object> result = new LinkedHashMap<>(flags);
        result.computeIfPresent("model", (key, model) -> found(model.toString()));
        for (String key : List.of("data", "test", "init-adapter")) {
            result.computeIfPresent(key, (same, path) -> absolute(path.toString()));
        }
        result.computeIfPresent("validation", (key, paths) -> absoluteAll(paths.toString()));
        return result;
    }

    /**
     * Returns a model's absolute path if the model is a folder; the sample model and ids of the hub are returned
     * unchanged.
     */
    private static String found(String model) {
        return Files.isDirectory(Path.of(model)) ? absolute(model) : model;
    }

    /** Returns the absolute path of a file; the names of sample tasks are returned unchanged. */
    private static String absolute(String data) {
        return DataSettings.isSample(data)
                ? data
                : Path.of(data).toAbsolutePath().normalize().toString();
    }

    /** Returns the absolute paths of files that are separated by commas. */
    private static String absoluteAll(String data) {
        return Files.exists(Path.of(data))
                ? absolute(data)
                : Arrays.stream(data.split(","))
                        .map(String::strip)
                        .map(RunConfig::absolute)
                        .collect(Collectors.joining(","));
    }
}
