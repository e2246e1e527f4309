/**
 * Models of the HuggingFace hub: the cache on this machine, which is shared with Python's huggingface_hub, and
 * downloads into it.
 */
@NullMarked
package org.layerwise.checkpoint.hub;

import org.jspecify.annotations.NullMarked;
