/** The same training on different layers, compared: which arms there are, their runs, and the report of what came of it. */
@NullMarked
package org.layerwise.study.experiment;

import org.jspecify.annotations.NullMarked;
