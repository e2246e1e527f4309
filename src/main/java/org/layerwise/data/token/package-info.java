/**
 * Tokenizers: the check of their files, special tokens, truncation, and tokenised rows. Start with {@link
 * org.layerwise.data.token.TextTokenizer}.
 */
@NullMarked
package org.layerwise.data.token;

import org.jspecify.annotations.NullMarked;
