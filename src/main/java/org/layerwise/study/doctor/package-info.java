/** Checks of an installation, with solutions for the problems that are found. */
@NullMarked
package org.layerwise.study.doctor;

import org.jspecify.annotations.NullMarked;
