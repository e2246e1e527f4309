package org.layerwise.training;

/**
 * What losses are multiplied with so that gradients in float16 do not vanish, by the rule of {@code torch.amp.GradScaler}: it
 * halves when a gradient is infinite, and doubles after 2,000 updates in a row without one.
 *
 * @param value of now; 1 for none
 * @param goodUpdates in a row since it last changed
 */
public record LossScale(double value, int goodUpdates) {

    /** No scaling: float32 and bfloat16 need none. */
    public static final LossScale NONE = new LossScale(1, 0);

    /** What a training in float16 begins with. */
    public static final LossScale INITIAL = new LossScale(65_536, 0);

    private static final double GROWTH = 2;
    private static final double BACKOFF = 0.5;
    private static final int INTERVAL = 2000;

    /** After an update with finite gradients. */
    public LossScale afterUpdate() {
        return goodUpdates + 1 == INTERVAL ? new LossScale(value * GROWTH, 0) : new LossScale(value, goodUpdates + 1);
    }

    /** After infinite gradients, with which nothing is updated. */
    public LossScale afterOverflow() {
        return new LossScale(value * BACKOFF, 0);
    }
}
