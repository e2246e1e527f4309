/** Model files on disk: safetensors, HuggingFace folders and the sample model. */
@NullMarked
package org.layerwise.checkpoint;

import org.jspecify.annotations.NullMarked;
