/** Conversations and instructions as the text that a model was trained on. */
@NullMarked
package org.layerwise.data.prompt;

import org.jspecify.annotations.NullMarked;
