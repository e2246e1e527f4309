package org.layerwise.training;

import org.layerwise.base.Seeds;
import org.layerwise.tensor.TensorEngine;

/**
 * Random numbers for dropout in one piece of a step. Each part of the model is seeded with the seed of the training,
 * the step, the piece and the part. Thus a part that is computed twice drops the same elements both times, and a
 * training that resumes from a checkpoint drops the same elements as one that was never interrupted.
 *
 * @param layers number of layers of the model
 * @param seed seed of the training
 * @param step number of the step, 0 for the first
 * @param piece number of the piece in its step, 0 for the first
 */
record DropoutRandom(TensorEngine engine, int layers, long seed, int step, int piece) {

    /** Seeds the random numbers of the embeddings. */
    void embeddings() {
        part(0);
    }

    /** Seeds the random numbers of a layer. */
    void layer(int index) {
        part(1 + index);
    }

    /** Seeds the random numbers of the head. */
    void head() {
        part(1 + layers);
    }

    private void part(int number) {
        engine.seed(Seeds.of(seed, step, piece, number));
    }
}
