/** Intervals and paired tests of a model's metrics, which show their dependence on the measured rows. */
@NullMarked
package org.layerwise.study.uncertainty;

import org.jspecify.annotations.NullMarked;
