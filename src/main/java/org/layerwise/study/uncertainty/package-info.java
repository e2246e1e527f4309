/** Intervals and paired tests of a model's metrics: their dependence on the rows that they were measured on. */
@NullMarked
package org.layerwise.study.uncertainty;

import org.jspecify.annotations.NullMarked;
