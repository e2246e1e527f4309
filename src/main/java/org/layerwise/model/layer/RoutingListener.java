package org.layerwise.model.layer;

/** Listens to the choices of the router of one layer. */
@FunctionalInterface
public interface RoutingListener {

    /**
     * Receives the experts that a router chose for the tokens of a batch.
     *
     * @param experts indices of the experts of each token, {@code [tokens][perToken]}, padding included, row by row
     */
    void onRouted(int[][] experts);
}
