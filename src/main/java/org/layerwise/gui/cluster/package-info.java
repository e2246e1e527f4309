/** The clusters that people have set up: edited, checked, and chosen for work. */
@NullMarked
package org.layerwise.gui.cluster;

import org.jspecify.annotations.NullMarked;
