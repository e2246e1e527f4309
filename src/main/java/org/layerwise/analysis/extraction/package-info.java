/** Extraction of representations: runs models over data and keeps one vector per example and hidden state. */
@NullMarked
package org.layerwise.analysis.extraction;

import org.jspecify.annotations.NullMarked;
