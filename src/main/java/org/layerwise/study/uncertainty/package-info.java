/** How far metrics of a model depend on the rows that they were measured on. */
@NullMarked
package org.layerwise.study.uncertainty;

import org.jspecify.annotations.NullMarked;
