/**
 * Checks of an installation, with solutions for the problems that are found. Start with {@link
 * org.layerwise.install.doctor.Doctor}.
 */
@NullMarked
package org.layerwise.install.doctor;

import org.jspecify.annotations.NullMarked;
