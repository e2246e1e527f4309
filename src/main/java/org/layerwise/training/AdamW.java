package org.layerwise.training;

import org.layerwise.base.Citation;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.tensor.ParameterOps;

/**
 * AdamW (Loshchilov and Hutter, arXiv 1711.05101) with betas 0.9 and 0.999, the defaults of
 * {@code torch.optim.AdamW} and HuggingFace's Trainer. Its means are those of the gradients and of their squares.
 *
 * @param epsilon number that is added to the root of the mean squared gradient
 */
record AdamW(double epsilon) implements UpdateRule {

    static final Citation PAPER = new Citation(
            "Loshchilov and Hutter, 2019",
            "I. Loshchilov and F. Hutter. Decoupled Weight Decay Regularization. ICLR 2019. arXiv:1711.05101.");

    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;

    /** Creates the rule from values of {@link OptimiserSettings}. */
    AdamW(SettingValues settings) {
        this(settings.get(OptimiserSettings.ADAM_EPSILON));
    }

    @Override
    public void apply(Group group, double learningRate, double weightDecay, int update) {
        ParameterOps.adamW(
                group.weights(),
                group.gradients(),
                group.means().get(0),
                group.means().get(1),
                learningRate,
                BETA1,
                BETA2,
                epsilon,
                weightDecay,
                update);
    }
}
