/** Importance of linear maps and layers from an adapter: how far training changed them. */
@NullMarked
package org.layerwise.analysis.adapter;

import org.jspecify.annotations.NullMarked;
