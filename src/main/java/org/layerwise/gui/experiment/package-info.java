/** Experiment pane: arms and rules, the pilot, live results of the arms, and the figures at the end. */
@NullMarked
package org.layerwise.gui.experiment;

import org.jspecify.annotations.NullMarked;
