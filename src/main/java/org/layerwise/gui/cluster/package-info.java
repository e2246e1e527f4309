/** Clusters: registering, checking, and choosing one for work. */
@NullMarked
package org.layerwise.gui.cluster;

import org.jspecify.annotations.NullMarked;
