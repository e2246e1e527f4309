/** Parts of a report and their formats. */
@NullMarked
package org.layerwise.study.experiment.report;

import org.jspecify.annotations.NullMarked;
