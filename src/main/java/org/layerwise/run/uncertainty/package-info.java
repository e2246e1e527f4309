/** Intervals and paired tests of a model's metrics, which show their dependence on the measured rows. */
@NullMarked
package org.layerwise.run.uncertainty;

import org.jspecify.annotations.NullMarked;
