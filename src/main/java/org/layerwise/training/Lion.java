package org.layerwise.training;

import org.layerwise.base.Citation;
import org.layerwise.tensor.Tensor;

/**
 * Lion (Chen et al., arXiv 2302.06675, algorithm 2) with betas 0.9 and 0.99, the defaults of the paper. Every weight
 * changes by the learning rate, in the direction of a mean of the gradients; so learning rates are three to ten times
 * smaller than those of AdamW, and weight decays as many times larger.
 */
record Lion() implements UpdateRule {

    static final Citation PAPER = new Citation(
            "Chen et al., 2023",
            "X. Chen, C. Liang, D. Huang, E. Real, K. Wang, H. Pham, X. Dong, T. Luong, C.-J. Hsieh, Y. Lu and Q. V. Le."
                    + " Symbolic Discovery of Optimization Algorithms. NeurIPS 2023. arXiv:2302.06675.");

    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.99;

    @Override
    public void apply(Group group, double learningRate, double weightDecay, int update) {
        for (int i = 0; i < group.weights().size(); i++) {
            Tensor gradient = group.gradients().get(i);
            Tensor mean = group.means().get(0).get(i);
            Tensor direction = sign(mean.mul(BETA1).add(gradient.mul(1 - BETA1)));
            group.weights().get(i).scaleInPlace(1 - learningRate * weightDecay);
            group.weights().get(i).addInPlace(direction, -learningRate);
            mean.scaleInPlace(BETA2);
            mean.addInPlace(gradient, 1 - BETA2);
        }
    }

    private static Tensor sign(Tensor values) {
        return values.greaterThan(0)
                .cast(values.dtype())
                .sub(values.neg().greaterThan(0).cast(values.dtype()));
    }
}
