/** Runs models over data and keeps a vector an example and hidden state. */
@NullMarked
package org.layerwise.analysis.extraction;

import org.jspecify.annotations.NullMarked;
