/**
 * Rows of a dataset and their labels. {@link org.layerwise.data.file.DatasetReader} reads them, {@link
 * org.layerwise.data.token.TextTokenizer} turns them into tokens, {@link org.layerwise.data.batch.Batches} into
 * batches.
 */
@NullMarked
package org.layerwise.data;

import org.jspecify.annotations.NullMarked;
