/** How far a ranking can be trusted: bootstrap, sample counts, permutation baseline. */
@NullMarked
package org.layerwise.analysis.uncertainty;

import org.jspecify.annotations.NullMarked;
