/** Weights that checkpoints hold in 4 or 8 bits: the formats of the hub, each with its layout and the values that it stands for. */
@NullMarked
package org.layerwise.model.quantization;

import org.jspecify.annotations.NullMarked;
