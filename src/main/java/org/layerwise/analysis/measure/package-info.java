/** List of all measures by which layers can be ranked. */
@NullMarked
package org.layerwise.analysis.measure;

import org.jspecify.annotations.NullMarked;
