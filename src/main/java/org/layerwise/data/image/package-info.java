/** Images of datasets: their location, their decoding and their preparation for a vision tower. */
@NullMarked
package org.layerwise.data.image;

import org.jspecify.annotations.NullMarked;
