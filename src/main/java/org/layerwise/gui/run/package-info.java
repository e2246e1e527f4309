/** Runs: starting, following and resuming trainings, the view of one run, and the comparison of several runs. */
@NullMarked
package org.layerwise.gui.run;

import org.jspecify.annotations.NullMarked;
