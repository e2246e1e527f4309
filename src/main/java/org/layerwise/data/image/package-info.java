/** Images of datasets: where they are, how they are decoded and turned into what a vision tower takes. */
@NullMarked
package org.layerwise.data.image;

import org.jspecify.annotations.NullMarked;
