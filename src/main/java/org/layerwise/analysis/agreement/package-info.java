/** How far measures, tasks and models agree on which layers matter. */
@NullMarked
package org.layerwise.analysis.agreement;

import org.jspecify.annotations.NullMarked;
