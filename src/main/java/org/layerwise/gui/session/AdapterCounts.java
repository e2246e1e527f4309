package org.layerwise.gui.session;

/**
 * Numbers of adapter parameters of a selection.
 *
 * @param trainable adapter parameters on the selected layers
 * @param full adapter parameters on all layers
 */
public record AdapterCounts(long trainable, long full) {

    /** Returns the share of the parameters that is not trained, 0 to 1. */
    public double saved() {
        return full == 0 ? 0 : 1 - (double) trainable / full;
    }
}
