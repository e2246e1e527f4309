/** Parts of transformers as functions on tensors: linear maps, norms, attention, feed-forward, blocks, embeddings. */
@NullMarked
package org.layerwise.model.layer;

import org.jspecify.annotations.NullMarked;
