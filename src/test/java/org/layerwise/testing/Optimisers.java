package org.layerwise.testing;

import org.layerwise.base.setting.SettingValues;
import org.layerwise.training.OptimiserSettings;

/** Makes settings of AdamW. */
public final class Optimisers {

    private Optimisers() {}

    /** Settings without LoRA+. */
    public static SettingValues of(double learningRate, double weightDecay, double maxGradNorm) {
        return SettingValues.none()
                .with(OptimiserSettings.LEARNING_RATE, learningRate)
                .with(OptimiserSettings.WEIGHT_DECAY, weightDecay)
                .with(OptimiserSettings.MAX_GRAD_NORM, maxGradNorm);
    }
}
