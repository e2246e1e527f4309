/** Text generation with decoders: greedy and sampled decoding with a key-value cache. */
@NullMarked
package org.layerwise.generation;

import org.jspecify.annotations.NullMarked;
