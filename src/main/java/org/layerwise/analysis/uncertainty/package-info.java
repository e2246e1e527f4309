/** Uncertainty of a ranking: bootstrap, sample counts, permutation baseline. */
@NullMarked
package org.layerwise.analysis.uncertainty;

import org.jspecify.annotations.NullMarked;
