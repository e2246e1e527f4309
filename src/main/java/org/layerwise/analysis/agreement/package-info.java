/** Agreement of measures, tasks and models on the importance of layers. */
@NullMarked
package org.layerwise.analysis.agreement;

import org.jspecify.annotations.NullMarked;
