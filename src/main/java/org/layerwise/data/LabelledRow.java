package org.layerwise.data;

import org.jspecify.annotations.Nullable;

/**
 * Row of tokens with one label per token.
 *
 * @param labels label of each token, {@link Labels#IGNORED} for tokens without a loss; null if the tokens have no
 *     labels
 */
record LabelledRow(TokenRow tokens, long @Nullable [] labels) {}
