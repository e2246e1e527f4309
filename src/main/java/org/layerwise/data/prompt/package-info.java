/** Conversations and instructions, written in the form of text on which a model was trained. */
@NullMarked
package org.layerwise.data.prompt;

import org.jspecify.annotations.NullMarked;
