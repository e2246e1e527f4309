package org.layerwise.training;

/**
 * Factor of the losses so that gradients in float16 do not vanish, by the rule of {@code torch.amp.GradScaler}: the
 * factor halves when a gradient is infinite, and doubles after 2,000 consecutive updates without one.
 *
 * @param value present factor; 1 for no scaling
 * @param goodUpdates number of consecutive updates since the factor last changed
 */
public record LossScale(double value, int goodUpdates) {

    /** Factor 1: float32 and bfloat16 need no scaling. */
    public static final LossScale NONE = new LossScale(1, 0);

    /** Initial factor of a training in float16. */
    public static final LossScale INITIAL = new LossScale(65_536, 0);

    private static final double GROWTH = 2;
    private static final double BACKOFF = 0.5;
    private static final int INTERVAL = 2000;

    /** Returns the loss scale after an update with finite gradients. */
    public LossScale afterUpdate() {
        return goodUpdates + 1 == INTERVAL ? new LossScale(value * GROWTH, 0) : new LossScale(value, goodUpdates + 1);
    }

    /** Returns the loss scale after infinite gradients, which cause no update. */
    public LossScale afterOverflow() {
        return new LossScale(value * BACKOFF, 0);
    }
}
