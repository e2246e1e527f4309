package org.layerwise.settings;

import java.util.List;
import org.layerwise.base.setting.SettingGroup;
import org.layerwise.generation.GenerationSettings;
import org.layerwise.lora.LoraSettings;
import org.layerwise.training.OptimiserSettings;

/** All settings, in the groups in which the user interface shows them. */
public final class SettingGroups {

    public static final SettingGroup DATA = new SettingGroup("Data", DataSettings.VALUES);
    public static final SettingGroup ANALYSIS = new SettingGroup("Analysis", AnalysisSettings.VALUES);
    public static final SettingGroup ADAPTER = new SettingGroup("Adapter", LoraSettings.ALL);
    public static final SettingGroup OPTIMIZER = new SettingGroup("Optimizer", OptimiserSettings.ALL);

    /** Settings of the task, the evaluations and the checkpoints of a run. */
    public static final SettingGroup RUN = new SettingGroup(
            "Run",
            TrainingSettings.VALUES.stream()
                    .filter(setting -> !LoraSettings.ALL.contains(setting) && !OptimiserSettings.ALL.contains(setting))
                    .toList());

    public static final SettingGroup GENERATION = new SettingGroup("Generation", GenerationSettings.VALUES);
    public static final SettingGroup COMPUTE = new SettingGroup("Compute", ModelSettings.VALUES);

    /** All groups, in the order in which the user interface shows them. */
    public static final List<SettingGroup> ALL = List.of(DATA, ANALYSIS, ADAPTER, OPTIMIZER, RUN, GENERATION, COMPUTE);

    private SettingGroups() {}
}
