package org.layerwise.data.token;

import org.jspecify.annotations.Nullable;
import org.layerwise.data.Labels;
import org.layerwise.data.TokenRow;

/**
 * Row of tokens with one label per token.
 *
 * @param labels label of each token, {@link Labels#IGNORED} for tokens without a loss; null if the tokens have no
 *     labels
 */
record LabelledRow(TokenRow tokens, long @Nullable [] labels) {}
