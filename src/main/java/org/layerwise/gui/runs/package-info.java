/** Runs: what starts, follows and resumes trainings, how one is watched, and how several are compared. */
@NullMarked
package org.layerwise.gui.runs;

import org.jspecify.annotations.NullMarked;
