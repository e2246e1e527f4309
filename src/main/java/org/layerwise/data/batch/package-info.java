/**
 * Batches of rows of similar length, chosen by their measured cost. Start with {@link
 * org.layerwise.data.batch.Batches}.
 */
@NullMarked
package org.layerwise.data.batch;

import org.jspecify.annotations.NullMarked;
