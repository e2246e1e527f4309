/** Losses of single examples, and linear classifiers that stand in for a head that nobody trained. */
@NullMarked
package org.layerwise.analysis.loss;

import org.jspecify.annotations.NullMarked;
