/** Guide for users who start the program for the first time. */
@NullMarked
package org.layerwise.gui.guide;

import org.jspecify.annotations.NullMarked;
