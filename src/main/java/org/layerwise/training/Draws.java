package org.layerwise.training;

import org.layerwise.base.Seeds;
import org.layerwise.tensor.TensorEngine;

/**
 * The random numbers of one piece of a step. They start afresh for each part of the model, from the seed, the step, the piece
 * and the part: so a part that is computed twice drops the same elements both times, and a training that goes on from a
 * checkpoint the same as one that was never interrupted.
 *
 * @param layers of the model
 * @param seed of the training
 * @param step 0 for the first
 * @param piece of the step, 0 for the first
 */
record Draws(TensorEngine engine, int layers, long seed, int step, int piece) {

    /** Starts those of the embeddings. */
    void embeddings() {
        part(0);
    }

    /** Starts those of a layer. */
    void layer(int index) {
        part(1 + index);
    }

    /** Starts those of the head. */
    void head() {
        part(1 + layers);
    }

    private void part(int number) {
        engine.seed(Seeds.of(seed, step, piece, number));
    }
}
