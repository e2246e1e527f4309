/**
 * Experiments that compare the same training on different layers: their arms, their runs, and the report on the
 * results.
 */
@NullMarked
package org.layerwise.study.experiment;

import org.jspecify.annotations.NullMarked;
