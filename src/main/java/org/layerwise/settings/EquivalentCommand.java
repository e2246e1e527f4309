package org.layerwise.settings;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.base.Decimals;
import org.layerwise.base.ShellWord;
import org.layerwise.base.json.Yaml;
import org.layerwise.base.setting.SettingType;
import org.layerwise.selection.LayerList;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.RankBudget;
import org.layerwise.selection.SelectionRule;
import org.layerwise.training.OptimiserSettings;

/**
 * Command that does the same work as a step in the window, as a command line for a POSIX shell, and as YAML for {@code
 * --config}. Flags with their default values are left out.
 *
 * @param command command of the command line, for example {@code analyze}
 * @param flags values by the name of the flag without dashes; values are texts, numbers, or true
 */
public record EquivalentCommand(String command, Map<String, Object> flags) {

    public EquivalentCommand {
        flags = new LinkedHashMap<>(flags);
    }

    @Override
    public Map<String, Object> flags() {
        return new LinkedHashMap<>(flags);
    }

    /**
     * Returns the {@code analyze} command for a model and data.
     *
     * @param rows data; null for measures that need none
     */
    public static EquivalentCommand analyze(
            ModelSettings model, @Nullable DataSettings rows, AnalysisSettings settings, Path out) {
        Flags flags = new Flags();
        flags.model(model);
        if (rows != null) {
            flags.rows(rows);
        }
        flags.values.putAll(settings.values().withoutDefaults().written(AnalysisSettings.VALUES));
        flags.put("out", out.toString());
        return new EquivalentCommand("analyze", flags.values);
    }

    /**
     * Returns the {@code select} command for a saved analysis.
     *
     * @param analysis folder that {@code analyze} wrote
     * @param measure measure of the analysis that was selected by; null for its first one
     * @param found treatment of layers without an importance in the analysis
     */
    public static EquivalentCommand select(
            Path analysis, @Nullable Measure measure, UndefinedLayers found, LayerSelection selection, Path out) {
        Flags flags = new Flags();
        flags.put("analysis", analysis.toString());
        flags.put("measure", measure == null ? null : measure.id());
        SelectionRule rule = selection.reason().rule();
        if (rule instanceof SelectionRule.TopRatio ratio) {
            flags.put("ratio", SettingType.NUMBER.format().apply(ratio.ratio()));
        } else if (rule instanceof SelectionRule.TopN top) {
            flags.put("top", top.n());
        } else if (rule instanceof SelectionRule.Threshold threshold) {
            flags.put("threshold", SettingType.NUMBER.format().apply(threshold.importance()));
        } else if (rule instanceof SelectionRule.OfKind kind) {
            flags.put("kind", kind.kind().id());
        } else if (rule instanceof SelectionRule.LastLayers last) {
            flags.put("last", last.n());
        } else if (rule instanceof SelectionRule.ModuleRatio ratio) {
            flags.put(
                    "modules", Decimals.shortest(ratio.ratio())); // 1 would be a number of linear maps, 1.0 is a share
        } else if (rule instanceof SelectionRule.TopModules top) {
            flags.put("modules", top.n());
        } else if (rule instanceof SelectionRule.ByHand hand) {
            flags.put("layers", LayerList.format(hand.layers()));
        }
        flags.budget(selection.reason().budget());
        flags.layers("always", selection.reason().locks().always());
        flags.layers("never", selection.reason().locks().never());
        UndefinedLayers undefined = selection.reason().undefined();
        flags.put("undefined", undefined == found ? null : undefined.name().toLowerCase(Locale.ROOT));
        flags.put("out", out.toString());
        return new EquivalentCommand("select", flags.values);
    }

    /** Returns the {@code train} command for a model and data. */
    public static EquivalentCommand train(ModelSettings model, DataSettings rows, TrainingSettings settings, Path out) {
        Flags flags = new Flags();
        flags.model(model);
        flags.rows(rows.batch() != null && rows.batch() == DataSettings.DEFAULT_BATCH ? rows.withBatch(null) : rows);
        flags.layers("layers", settings.layers());
        flags.values.putAll(settings.values().withoutDefaults().written(TrainingSettings.VALUES));
        // a form keeps the value of a field that another one hides
        OptimiserSettings.REPLACED.forEach((by, setting) -> {
            if (flags.values.containsKey(by.name())) {
                flags.values.remove(setting.name());
            }
        });
        flags.put("out", out.toString());
        return new EquivalentCommand("train", flags.values);
    }

    /** Returns this command with the flags that run it on a cluster; null for this computer. */
    public EquivalentCommand on(@Nullable RemoteDestination to) {
        if (to == null) {
            return this;
        }
        Flags more = new Flags();
        more.values.putAll(flags);
        more.put("on", to.place());
        int workers = to.how().workers().count();
        more.put("workers", workers == 1 ? null : workers);
        more.put("gpu-workers", to.how().workers().gpu() ? true : null);
        more.put("model-there", to.how().model());
        more.put("fsdp", to.how().fsdp() ? true : null);
        return new EquivalentCommand(command, more.values);
    }

    /** Returns the command in one line for a POSIX shell: {@code layerwise train --model sample --lr 0.0005}. */
    public String commandLine() {
        return "layerwise " + command
                + told().entrySet().stream().map(EquivalentCommand::argument).collect(Collectors.joining());
    }

    /**
     * Returns the flags without those that the command would refuse: a training on a cluster has no device on this
     * computer.
     */
    private Map<String, Object> told() {
        Map<String, Object> told = flags();
        if (command.equals("train") && told.containsKey("on")) {
            told.remove("device");
        }
        return told;
    }

    /** Returns the flags as a file for {@code --config}, with a comment that tells how to run it. */
    public String yaml() {
        return "# layerwise %s --config FILE\n".formatted(command) + Yaml.write(told());
    }

    private static String argument(Map.Entry<String, Object> flag) {
        String value = flag.getValue().toString();
        if (flag.getValue() instanceof Boolean) {
            return " --" + flag.getKey(); // a switch has no value and is written only if it is on
        }
        // a value that starts with a dash would be parsed as a flag
        return " --" + flag.getKey() + (value.startsWith("-") ? "=" : " ") + ShellWord.of(value);
    }

    /** Flags in the order of their insertion. */
    private static final class Flags {

        private final Map<String, Object> values = new LinkedHashMap<>();

        void put(String flag, @Nullable Object value) {
            if (value != null) {
                values.put(flag, value);
            }
        }

        void budget(@Nullable RankBudget budget) {
            if (budget != null) {
                put("budget", budget.parameters());
                put(
                        "spread",
                        budget.rule() == RankBudget.DEFAULT_RULE
                                ? null
                                : budget.rule().id());
                put("min-rank", budget.minRank() == RankBudget.DEFAULT_MIN_RANK ? null : budget.minRank());
                put("max-rank", budget.maxRank() == RankBudget.DEFAULT_MAX_RANK ? null : budget.maxRank());
            }
        }

        void layers(String flag, @Nullable Collection<Integer> layers) {
            if (layers != null && !layers.isEmpty()) {
                values.put(flag, LayerList.format(layers));
            }
        }

        void model(ModelSettings model) {
            put("model", model.model());
            values.putAll(model.values().withoutDefaults().written(ModelSettings.VALUES));
        }

        void rows(DataSettings rows) {
            put("data", rows.data());
            values.putAll(rows.values().withoutDefaults().written(DataSettings.VALUES));
        }
    }
}
