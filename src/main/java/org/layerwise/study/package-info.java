/**
 * Start of every use case: {@link org.layerwise.study.Workbench} opens models and data for the window and the command
 * line. The use cases are in the packages below.
 */
@NullMarked
package org.layerwise.study;

import org.jspecify.annotations.NullMarked;
