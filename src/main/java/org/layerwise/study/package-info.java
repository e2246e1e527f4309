/** Models, analyses, trainings, evaluations and runs: the use cases that the window and the command line share. */
@NullMarked
package org.layerwise.study;

import org.jspecify.annotations.NullMarked;
