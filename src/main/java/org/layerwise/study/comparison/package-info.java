/** Analyses side by side, and the layers of two against each other. */
@NullMarked
package org.layerwise.study.comparison;

import org.jspecify.annotations.NullMarked;
