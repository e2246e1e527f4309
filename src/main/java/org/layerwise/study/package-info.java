/**
 * Start of every use case: {@link org.layerwise.study.Workbench} opens models and data for the window and the command
 * line. Beside it is what several use cases do: the summary of data, and the effect of 16-bit numbers. The use cases
 * are in the packages below.
 */
@NullMarked
package org.layerwise.study;

import org.jspecify.annotations.NullMarked;
