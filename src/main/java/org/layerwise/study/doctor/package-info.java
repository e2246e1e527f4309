/** Looks at an installation, part by part, and says what is wrong with it. */
@NullMarked
package org.layerwise.study.doctor;

import org.jspecify.annotations.NullMarked;
