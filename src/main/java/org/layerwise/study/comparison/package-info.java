/** Comparison of analyses, and of the layers of two models with each other. */
@NullMarked
package org.layerwise.study.comparison;

import org.jspecify.annotations.NullMarked;
