package org.layerwise.study;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.WholeFiles;
import org.layerwise.base.Yaml;
import org.layerwise.data.Compatibility;
import org.layerwise.data.Sampling;
import org.layerwise.lora.LoraConfig;
import org.layerwise.training.TaskKind;
import org.layerwise.training.TrainerSettings;

/** {@code config.yaml} of a run: every flag of {@code train} with the value that was in force, to run it again. */
final class RunConfig {

    private RunConfig() {}

    static void write(
            Path out,
            OpenModel model,
            DataSettings data,
            int samples,
            TaskKind task,
            LoraConfig lora,
            TrainingSettings settings,
            TrainerSettings trainer) {
        Map<String, Object> flags = new LinkedHashMap<>();
        flags.put("model", model.reference());
        flags.put("device", model.settings().device());
        flags.put("dtype", model.settings().type().id());
        flags.put("load", model.settings().loading().id());
        flags.put("data", absolute(data.data()));
        put(flags, "text", data.text());
        put(flags, "label", data.label());
        put(flags, "image", data.image());
        put(flags, "preset", data.preset() == null ? null : data.preset().id());
        if (data.sampling() != Sampling.FIRST) {
            flags.put("sampling", data.sampling().id());
            flags.put("sampling-seed", data.samplingSeed());
        }
        if (!data.compatibility().isEmpty()) {
            flags.put(
                    "compat",
                    data.compatibility().stream().map(Compatibility::id).collect(Collectors.joining(",")));
        }
        flags.put("samples", samples);
        flags.put("max-length", data.maxLength());
        flags.put("batch", trainer.batch());
        flags.put("task", task.id());
        put(flags, "validation", settings.validation() == null ? null : absolute(settings.validation()));
        put(flags, "test", settings.test() == null ? null : absolute(settings.test()));
        put(flags, "init", settings.initAdapter() == null ? settings.init().id() : null);
        put(
                flags,
                "init-adapter",
                settings.initAdapter() == null
                        ? null
                        : absolute(settings.initAdapter().toString()));
        flags.put("layers", lora.layers().stream().map(String::valueOf).collect(Collectors.joining(",")));
        flags.put("target-modules", String.join(",", lora.targetModules()));
        flags.put("r", lora.rank());
        flags.put("alpha", lora.alpha());
        flags.put("dropout", lora.dropout());
        flags.put("model-dropout", settings.modelDropout() == null ? "config" : settings.modelDropout());
        flags.put("lr", trainer.learningRate());
        flags.put("scheduler", trainer.scheduler().id());
        flags.put("warmup-steps", trainer.warmupSteps());
        flags.put("weight-decay", trainer.weightDecay());
        flags.put("steps", trainer.steps());
        flags.put("accumulate", trainer.accumulate());
        flags.put("max-grad-norm", trainer.maxGradNorm());
        flags.put("seed", trainer.seed());
        flags.put("out", out.toAbsolutePath().normalize().toString());
        WholeFiles.writeString(out.resolve("config.yaml"), Yaml.write(flags));
    }

    /** Sample tasks are named, files are found from everywhere. */
    private static String absolute(String data) {
        return DataSettings.isSample(data)
                ? data
                : Path.of(data).toAbsolutePath().normalize().toString();
    }

    private static void put(Map<String, Object> flags, String flag, @Nullable Object value) {
        if (value != null) {
            flags.put(flag, value);
        }
    }
}
