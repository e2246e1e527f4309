/** Models of the HuggingFace hub: the cache on this machine, which Python's huggingface_hub shares, and downloads into it. */
@NullMarked
package org.layerwise.checkpoint.hub;

import org.jspecify.annotations.NullMarked;
