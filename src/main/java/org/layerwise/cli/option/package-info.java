/** Groups of flags, with their checks. */
@NullMarked
package org.layerwise.cli.option;

import org.jspecify.annotations.NullMarked;
