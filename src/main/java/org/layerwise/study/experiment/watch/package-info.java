/** Outcomes of experiments that are running or saved in a folder. */
@NullMarked
package org.layerwise.study.experiment.watch;

import org.jspecify.annotations.NullMarked;
