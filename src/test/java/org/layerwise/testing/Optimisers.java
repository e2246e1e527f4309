package org.layerwise.testing;

import org.layerwise.base.setting.SettingValues;
import org.layerwise.training.OptimiserSettings;
import org.layerwise.training.TrainerSettings;

/** Makes settings of AdamW. */
public final class Optimisers {

    private Optimisers() {}

    /** Settings without LoRA+. */
    public static TrainerSettings.Optimiser of(double learningRate, double weightDecay, double maxGradNorm) {
        return new TrainerSettings.Optimiser(SettingValues.none()
                .with(OptimiserSettings.LEARNING_RATE, learningRate)
                .with(OptimiserSettings.WEIGHT_DECAY, weightDecay)
                .with(OptimiserSettings.MAX_GRAD_NORM, maxGradNorm));
    }

    /** The same settings with a ratio of LoRA+. */
    public static TrainerSettings.Optimiser withLoraPlus(TrainerSettings.Optimiser settings, double ratio) {
        return new TrainerSettings.Optimiser(settings.values().with(OptimiserSettings.LORA_PLUS_RATIO, ratio));
    }
}
