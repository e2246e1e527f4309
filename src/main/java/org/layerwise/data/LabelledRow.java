package org.layerwise.data;

import org.jspecify.annotations.Nullable;

/**
 * A row of tokens with a label a token.
 *
 * @param labels {@link Labels#IGNORED} where no loss is taken; null where tokens have none
 */
record LabelledRow(TokenRow tokens, long @Nullable [] labels) {}
